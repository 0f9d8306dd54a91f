#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "doctor/doctor.hpp"

namespace command {
namespace {

int print(const doctor::Findings& findings) {
    int failed = 0;
    for (const auto& finding : findings) {
        std::cout << (finding.is_well ? "ok    " : "FAIL  ") << finding.subject << ": " << finding.found;
        if (!finding.is_well) std::cout << "; fix: " << finding.fix;
        std::cout << '\n';
        failed += finding.is_well ? 0 : 1;
    }
    return failed;
}

void examine(Context& context, const std::string& ca) {
    int failed = print(doctor::check_from_outside(context.config(), ca));
    failed += print(doctor::check_database(context.database(), context.config().tokens));
    failed += print(doctor::check_files(context.config()));
    failed += print(doctor::check_mail(context.config()));
    if (failed > 0)
        throw base::Error{base::Reason::conflict, "unwell",
                          std::to_string(failed) + (failed == 1 ? " check" : " checks") + " failed"};
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
    auto* command =
        app.add_subcommand("doctor", "Examine a running installation: a line a check, with the fix");
    auto ca = std::make_shared<std::string>();
    command->add_option("--ca", *ca, "A CA certificate to trust besides the system's")
        ->envname("GATEHOUSE_CA");
    command->callback([&context, ca] { examine(context, *ca); });
}

}  // namespace command
