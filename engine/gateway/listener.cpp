#include "listener.h"

#include "child_processes.h"

namespace streamscope::gateway {
namespace {

using asio::ip::tcp;

constexpr int kBacklog = 128;
/// How long a listener rests after the system could not give it a connection.
constexpr std::chrono::milliseconds kRestAfterError{100};

/// Lets a restarted broker have its port back while old connections linger in TIME_WAIT, but never share a port that
/// somebody listens on. On Windows SO_REUSEADDR would do just that, so there the address is claimed exclusively.
asio::error_code claimAddress(tcp::acceptor& socket) {
  asio::error_code error;
#ifdef _WIN32
  using exclusive = asio::detail::socket_option::boolean<SOL_SOCKET, SO_EXCLUSIVEADDRUSE>;
  socket.set_option(exclusive(true), error);
#else
  socket.set_option(tcp::acceptor::reuse_address(true), error);
#endif
  return error;
}

/// True when the system simply has no such address family or address: no reason to refuse the port.
bool meansUnavailable(const asio::error_code& error) {
  return error == asio::error::address_family_not_supported || error == asio::error::network_unreachable ||
         error == std::errc::address_not_available;
}

}  // namespace

asio::error_code Listener::open(uint16_t port) {
  asio::error_code error = openOne(asio::ip::address_v4::loopback(), port);
  if (!error) {
    // A client that resolves localhost to ::1 must not reach somebody else's server there.
    error = openOne(asio::ip::address_v6::loopback(), this->port());
    if (meansUnavailable(error)) error = {};
  }
  if (error) close();
  return error;
}

asio::error_code Listener::openOne(const asio::ip::address& address, uint16_t port) {
  auto acceptor = std::make_shared<Acceptor>(m_context);
  tcp::acceptor& socket = acceptor->socket;
  const tcp::endpoint endpoint(address, port);
  asio::error_code error;
  socket.open(endpoint.protocol(), error);
  if (!error) keepFromChildProcesses(socket.native_handle());
  if (!error) error = claimAddress(socket);
  if (!error && address.is_v6()) socket.set_option(asio::ip::v6_only(true), error);
  if (!error) socket.bind(endpoint, error);
  if (!error) socket.listen(kBacklog, error);
  if (!error) m_acceptors.push_back(std::move(acceptor));
  return error;
}

void Listener::close() {
  m_onAccepted = nullptr;
  for (const auto& acceptor : m_acceptors) {
    asio::error_code ignored;
    acceptor->socket.close(ignored);
    acceptor->retry.cancel();
  }
  m_acceptors.clear();
}

uint16_t Listener::port() const {
  if (m_acceptors.empty()) return 0;
  asio::error_code error;
  const auto endpoint = m_acceptors.front()->socket.local_endpoint(error);
  return error ? uint16_t{0} : endpoint.port();
}

void Listener::startAccepting(OnAccepted onAccepted) {
  m_onAccepted = std::move(onAccepted);
  const auto acceptors = m_acceptors;  // who takes a connection may close the listener
  for (const auto& acceptor : acceptors) {
    if (m_onAccepted && acceptor->held) m_onAccepted(*std::exchange(acceptor->held, std::nullopt));
    acceptNext(acceptor);
  }
}

void Listener::stopAccepting() {
  m_onAccepted = nullptr;
}

// An accept and not a wait for readiness: Windows cannot wait for a listening socket in this way.
void Listener::acceptNext(const std::shared_ptr<Acceptor>& acceptor) {
  if (!acceptor->socket.is_open() || acceptor->isBusy || !m_onAccepted) return;
  acceptor->isBusy = true;
  // The handler touches the listener only while its acceptor is open, and the listener closes it before it goes.
  acceptor->socket.async_accept([this, acceptor](const asio::error_code& error, tcp::socket socket) {
    acceptor->isBusy = false;
    if (!acceptor->socket.is_open()) return;
    if (!error) return onAccepted(acceptor, std::move(socket));
    if (error == asio::error::connection_aborted || error == asio::error::interrupted) return acceptNext(acceptor);
    restAfterError(acceptor);
  });
}

void Listener::onAccepted(const std::shared_ptr<Acceptor>& acceptor, tcp::socket socket) {
  keepFromChildProcesses(socket.native_handle());
  if (!m_onAccepted) {
    acceptor->held = std::move(socket);
    return;
  }
  m_onAccepted(std::move(socket));
  acceptNext(acceptor);
}

void Listener::restAfterError(const std::shared_ptr<Acceptor>& acceptor) {
  acceptor->isBusy = true;
  acceptor->retry.expires_after(kRestAfterError);
  acceptor->retry.async_wait([this, acceptor](const asio::error_code& cancelled) {
    acceptor->isBusy = false;
    if (!cancelled) acceptNext(acceptor);
  });
}

}  // namespace streamscope::gateway
