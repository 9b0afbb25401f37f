#include "child_processes.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <fcntl.h>
#endif

namespace streamscope::gateway {

#ifdef _WIN32
void keepFromChildProcesses(asio::ip::tcp::socket::native_handle_type socket) {
  const SOCKET handle = socket;  // Asio's handle is a class here
  SetHandleInformation(reinterpret_cast<HANDLE>(handle), HANDLE_FLAG_INHERIT, 0);
}
#else
void keepFromChildProcesses(asio::ip::tcp::socket::native_handle_type socket) {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}
#endif

}  // namespace streamscope::gateway
