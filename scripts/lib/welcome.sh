# What a user needs first: addresses, credentials, a call to copy and a client configuration.
welcome() {
    local mcp_arguments
    mcp_request tools/call list_services '"name":"list_services","arguments":{},'
    cat <<EOT

Gatehouse is ready.  Ctrl-C stops it; its state stays in $VAR

  REST and OpenAPI   https://localhost:$PORT/api/v1/openapi.json
  MCP endpoint       https://localhost:$PORT/v1/$GATEHOUSE_WORKSPACE
  CA certificate     $STATE/tls/ca.pem
  Demo user          $GATEHOUSE_EMAIL   password $GATEHOUSE_PASSWORD
  API key            $GATEHOUSE_API_KEY

List the services of the vault over MCP:

  curl --cacert $STATE/tls/ca.pem -H 'Authorization: Bearer $GATEHOUSE_API_KEY' $(quote_arguments "${mcp_arguments[@]}")https://localhost:$PORT/v1/$GATEHOUSE_WORKSPACE

The same over REST:

  curl --cacert $STATE/tls/ca.pem -H 'Authorization: Bearer $GATEHOUSE_API_KEY' https://localhost:$PORT/api/v1/services

For an MCP client that starts a command (Claude Desktop, Cursor, VS Code):

  {
    "mcpServers": {
      "gatehouse": {
        "command": "$BUILD/bin/gatehouse-mcp",
        "env": {
          "GATEHOUSE_URL": "https://localhost:$PORT",
          "GATEHOUSE_API_KEY": "$GATEHOUSE_API_KEY",
          "GATEHOUSE_CA": "$STATE/tls/ca.pem"
        }
      }
    }
  }

EOT
}

quote_arguments() {
    local argument
    for argument in "$@"; do
        if [[ $argument == -* ]]; then printf '%s ' "$argument"; else printf "'%s' " "$argument"; fi
    done
}
