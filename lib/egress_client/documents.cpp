#include "egress_client/documents.hpp"

#include "egress_client/connection.hpp"
#include "egress_client/refusal.hpp"
#include "schema/schema.hpp"

namespace egress_client {
namespace {

constexpr std::chrono::seconds patience{8};

}  // namespace

Document Documents::fetch(const std::string& url) const {
    Connection connection{socket_};
    const auto answer = connection.post(document_path, schema::dump(schema::encode(DocumentRequest{url})),
                                        std::chrono::steady_clock::now() + patience, {});
    if (answer.status != 200) throw error_of(answer.body);
    return schema::decode<Document>(schema::parse(answer.body));
}

}  // namespace egress_client
