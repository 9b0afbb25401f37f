#pragma once

#include <asio.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace streamscope::gateway {

/// A broker's listening sockets: 127.0.0.1, and ::1 where the system has it, on one port. Never another interface: a
/// lab has no authentication. Lives on the engine's thread.
class Listener {
 public:
  using OnAccepted = std::function<void(asio::ip::tcp::socket)>;

  explicit Listener(asio::io_context& context) : m_context(context) {}
  ~Listener() { close(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Listens on this port, 0 for any free one. On an error (address_in_use, access_denied, ...) nothing is open.
  asio::error_code open(uint16_t port);
  /// Refuses new connections from now on. Those in the backlog are reset, as when a process dies.
  void close();
  bool isOpen() const { return !m_acceptors.empty(); }
  /// The port, 0 when not open.
  uint16_t port() const;

  /// Takes waiting and coming connections until `stopAccepting`; before and after that they wait.
  void startAccepting(OnAccepted onAccepted);
  void stopAccepting();

 private:
  struct Acceptor {
    explicit Acceptor(asio::io_context& context) : socket(context), retry(context) {}
    asio::ip::tcp::acceptor socket;
    /// After an error such as too many open files.
    asio::steady_timer retry;
    /// An accept or a rest is under way.
    bool isBusy = false;
    /// Came while nobody took connections.
    std::optional<asio::ip::tcp::socket> held;
  };

  asio::error_code openOne(const asio::ip::address& address, uint16_t port);
  void acceptNext(const std::shared_ptr<Acceptor>& acceptor);
  void onAccepted(const std::shared_ptr<Acceptor>& acceptor, asio::ip::tcp::socket socket);
  void restAfterError(const std::shared_ptr<Acceptor>& acceptor);

  asio::io_context& m_context;
  std::vector<std::shared_ptr<Acceptor>> m_acceptors;
  OnAccepted m_onAccepted;
};

}  // namespace streamscope::gateway
