// The lower bound: libfcgi alone answering a constant, with a thread for every connection nginx may keep.
//   raw_constant BODY_FILE THREADS      listens on descriptor 0
#include <fcgiapp.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

void drain(FCGX_Request& request) {
    char part[4096];
    while (FCGX_GetStr(part, sizeof part, request.in) > 0) {
    }
}

void serve(const std::string& answer) {
    FCGX_Request request;
    FCGX_InitRequest(&request, 0, 0);
    while (FCGX_Accept_r(&request) == 0) {
        drain(request);
        FCGX_PutStr(answer.data(), static_cast<int>(answer.size()), request.out);
        FCGX_Finish_r(&request);
    }
}

std::string answer_of(const char* file) {
    std::ifstream in(file);
    const std::string body((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    return "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    FCGX_Init();
    const std::string answer = answer_of(argv[1]);
    std::vector<std::thread> threads;
    for (int i = std::atoi(argv[2]); i > 0; --i) threads.emplace_back(serve, std::cref(answer));
    for (auto& thread : threads) thread.join();
}
