/// Measures what lib/fastcgi itself costs: the same bytes for every request.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "fastcgi/run.hpp"
#include "http/problem.hpp"

namespace {

class Constant {
public:
    explicit Constant(const base::Config&) {
        std::ifstream file{std::getenv("BENCH_BODY")};
        body_.assign(std::istreambuf_iterator<char>{file}, {});
    }

    http::Response answer(const http::Request&, http::Exchange&) const {
        return {.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = body_};
    }

private:
    std::string body_;
};

}  // namespace

int main() { return fastcgi::run<Constant>("bench_constant_handler", http::render_problem); }
