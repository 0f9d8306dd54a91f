#include "account_messages/operation.hpp"

#include "account_messages/messages.hpp"
#include "schema/schema.hpp"

namespace account_messages {
namespace {

using nlohmann::json;

struct Words {
    const char* name;
    http::Method method;
    const char* path;
    const char* title;
    const char* description;
};

template <class Input, class Output>
Operation define(const Words& words, Credential credential, int status = 200) {
    Operation operation{.name = words.name,
                        .method = words.method,
                        .path = words.path,
                        .title = words.title,
                        .description = words.description,
                        .credential = credential,
                        .input = nullptr,
                        .output = schema::json_schema<Output>(),
                        .status = status};
    if (words.method != http::Method::get) operation.input = schema::json_schema<Input>();
    return operation;
}

std::vector<Operation> define_all() {
    using enum Credential;
    using http::Method;
    return {
        define<Registration, Status>({"register", Method::post, "/auth/register", "Register",
                                      "Takes a registration and sends a code to the mail address. The answer "
                                      "is the same for an address that "
                                      "is known."},
                                     none, 202),
        define<EmailAddress, Status>(
            {"send_activation_code", Method::post, "/auth/activate/resend", "Send another activation code",
             "At most three an hour for an address."},
            none, 202),
        define<Activation, Token>({"activate", Method::post, "/auth/activate", "Confirm the mail address",
                                   "Needs the code from the mail and the password of the registration."},
                                  none),
        define<Login, Token>({"login", Method::post, "/auth/login", "Sign in",
                              "Gives a user token for 24 hours. With two-factor sign-in, code is required "
                              "(two_factor_required says so)."},
                             none),
        define<SecondFactorCode, Token>(
            {"create_user_token", Method::post, "/auth/token", "Get a user token by Basic",
             "As login, with mail address and password in Authorization: Basic. Two-factor sign-in needs "
             "code in the "
             "body."},
            basic),
        define<Nothing, Status>({"logout", Method::post, "/auth/logout", "Sign out", "Ends the user token."},
                                user_token),
        define<EmailAddress, Status>(
            {"send_reset_code", Method::post, "/auth/password/forgot", "Ask for a new password",
             "Sends a code, good for 30 minutes, when the address is known."},
            none, 202),
        define<NewPassword, Status>({"reset_password", Method::post, "/auth/password/reset",
                                     "Set a new password with a code", "Ends every session and user token."},
                                    none),
        define<PasswordChange, Status>({"change_password", Method::post, "/auth/password/change",
                                        "Change the password", "Ends every other session and user token."},
                                       user_token),
        define<Confirmation, Enrolment>(
            {"begin_two_factor", Method::post, "/auth/two-factor/begin", "Begin two-factor sign-in",
             "Gives the secret for an authenticator app."},
            user_token),
        define<TwoFactorCode, RecoveryCodes>(
            {"confirm_two_factor", Method::post, "/auth/two-factor/confirm", "Turn two-factor sign-in on",
             "Takes the app's first code and gives recovery codes."},
            user_token),
        define<TwoFactorEnd, Status>({"disable_two_factor", Method::post, "/auth/two-factor/disable",
                                      "Turn two-factor sign-in off", "Needs the password and a code."},
                                     user_token),
        define<AddressChange, Status>(
            {"begin_address_change", Method::post, "/auth/email/change", "Ask for another mail address",
             "Sends a code to the new address, good for 30 minutes. The answer is the same for an address "
             "that "
             "is somebody's."},
            user_token, 202),
        define<MailedCode, User>({"change_address", Method::post, "/auth/email/confirm",
                                  "Change the mail address", "Needs the code; the former address is told."},
                                 user_token),
        define<IdentityEnd, User>(
            {"unlink_identity", Method::post, "/auth/identities/unlink", "Unlink a sign-in provider",
             "As long as there is another way to sign in."},
            user_token),
        define<Nothing, Grants>({"list_own_grants", Method::get, "/auth/grants", "See whom you let in",
                                 "What you let OAuth clients do, in every workspace."},
                                user_token),
        define<GrantEnd, Status>({"revoke_own_grant", Method::post, "/auth/grants/revoke",
                                  "Shut a client out", "Its tokens are refused at once."},
                                 user_token),
        define<Nothing, User>({"view_user", Method::get, "/auth/user", "See your account",
                               "What is known of the user whose token this is."},
                              user_token),
        define<Update, User>({"update_user", Method::patch, "/auth/user", "Change your account",
                              "Changes what can be changed at will: the name."},
                             user_token),
    };
}

std::string lower_case_name(http::Method method) {
    return method == http::Method::get ? "get" : method == http::Method::patch ? "patch" : "post";
}

json problem(const char* description) {
    json response{{"description", description}};
    response["content"]["application/problem+json"]["schema"]["$ref"] = "#/components/schemas/Problem";
    return response;
}

json security_of(Credential credential) {
    if (credential == Credential::none) return json::array();
    json requirement = json::object();
    requirement[credential == Credential::basic ? "basic" : "user_token"] = json::array();
    return json::array({std::move(requirement)});
}

json described(const Operation& operation) {
    json success{{"description", "The result."}};
    success["content"]["application/json"]["schema"] = operation.output;
    json result{{"operationId", operation.name},
                {"summary", operation.title},
                {"description", operation.description},
                {"tags", json::array({"account"})},
                {"security", security_of(operation.credential)}};
    result["responses"][std::to_string(operation.status)] = std::move(success);
    result["responses"]["401"] = problem("Not authenticated, or a wrong code or password.");
    result["responses"]["422"] = problem("A field does not fit.");
    result["responses"]["429"] = problem("Too many attempts; Retry-After says how long to wait.");
    result["responses"]["default"] = problem("Any other failure; `code` is stable.");
    if (!operation.input.is_null()) {
        result["requestBody"]["required"] = operation.input.contains("required");
        result["requestBody"]["content"]["application/json"]["schema"] = operation.input;
    }
    return result;
}

}  // namespace

const std::vector<Operation>& operations() {
    static const auto all = define_all();
    return all;
}

void describe(json& document) {
    for (const auto& operation : operations())
        document["paths"][operation.path][lower_case_name(operation.method)] = described(operation);
    auto& schemes = document["components"]["securitySchemes"];
    schemes["basic"] = json{
        {"type", "http"},
        {"scheme", "basic"},
        {"description",
         "Mail address and password; refused where two-factor sign-in is on, and from web pages. The field "
         "Workspace as with user_token."}};
    schemes["user_token"] = json{{"type", "http"},
                                 {"scheme", "bearer"},
                                 {"bearerFormat", "JWT"},
                                 {"description",
                                  "A user token, from login or Basic; 24 hours. Who is a member of several "
                                  "workspaces names one in the field Workspace, by slug or id."}};
}

}  // namespace account_messages
