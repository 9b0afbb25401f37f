#pragma once

#include <asio.hpp>

namespace streamscope::gateway {

/// Keeps a socket out of programs that this process starts later. They would hold a dead broker's port and its
/// connections for as long as they live, and systems hand sockets down unless told not to.
void keepFromChildProcesses(asio::ip::tcp::socket::native_handle_type socket);

}  // namespace streamscope::gateway
