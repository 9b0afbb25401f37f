#pragma once

#include <cstddef>

namespace streamscope::gateway {

/// Raises this process's limit of open files as far as the system lets it (POSIX: the soft RLIMIT_NOFILE to the hard
/// one) and returns the limit that then holds, SIZE_MAX for none. All brokers share one process, and with it one
/// table of files and sockets; the usual soft limits (256 on macOS, 1024 on Linux) are meant for less. On Windows
/// sockets do not count against such a limit: nothing is done.
size_t raiseOpenFileLimit();

/// Connections of real clients that a process with this limit takes: a quarter of it, because segments, indexes and
/// the rest of the program need files too; at least 64, at most 10,000.
size_t externalConnectionsMax(size_t openFileLimit);

}  // namespace streamscope::gateway
