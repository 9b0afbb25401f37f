#include "connection.h"

#include <algorithm>
#include <array>

namespace streamscope::gateway {
namespace {

/// Buffers handed to the system in one gathering write.
constexpr size_t kBuffersPerWrite = 16;

std::string describe(const asio::ip::tcp::socket& socket) {
  asio::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "a client that left";
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

bool meansLater(const asio::error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again || error == asio::error::interrupted;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, base::BrokerId broker, ConnectionOwner& owner, Limits limits)
    : m_socket(std::move(socket)),
      m_broker(broker),
      m_owner(owner),
      m_limits(limits),
      m_peer(describe(m_socket)),
      m_reader(limits.frameBytesMax),
      m_lastHeard(std::chrono::steady_clock::now()) {
  // A socket that refuses an option fails on its first read, where it is handled.
  asio::error_code ignored;
  m_socket.non_blocking(true, ignored);
  m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  m_socket.set_option(asio::socket_base::keep_alive(true), ignored);
}

void Connection::resumeReading() {
  if (m_state != State::Open || m_isWaitingToRead) return;
  if (m_unsentBytes > m_limits.unsentBytesMax || !m_owner.mayRead(*this)) return;
  m_isWaitingToRead = true;
  m_socket.async_wait(asio::socket_base::wait_read, [self = shared_from_this()](const asio::error_code& error) {
    self->m_isWaitingToRead = false;
    self->onReadable(error);
  });
}

void Connection::onReadable(const asio::error_code& waitError) {
  if (m_state != State::Open) return;
  if (waitError) return abort("The wait for its bytes failed: " + waitError.message() + ".");
  size_t readThisTurn = 0;
  while (m_owner.mayRead(*this) && readThisTurn < m_limits.turnBytesMax) {
    const std::span<uint8_t> space = m_reader.space();
    asio::error_code error;
    const size_t count = m_socket.read_some(asio::buffer(space.data(), space.size()), error);
    if (meansLater(error)) break;
    if (error) {
      const bool half = !m_reader.isAtFrameStart();
      return abort(error == asio::error::eof
                       ? (half ? "The client left in the middle of a request." : "The client closed the connection.")
                       : "The connection broke: " + error.message() + ".");
    }
    readThisTurn += count;
    m_lastHeard = std::chrono::steady_clock::now();
    m_reader.filled(count);
    if (!handOutFrames()) return;
    // A short read has emptied the socket.
    if (count < space.size()) break;
  }
  resumeReading();
}

bool Connection::handOutFrames() {
  while (const auto frame = m_reader.next()) {
    m_owner.onFrame(*this, *frame);
    if (m_state != State::Open) return false;
  }
  if (m_reader.refusal().empty()) return true;
  abort(m_reader.refusal());
  return false;
}

void Connection::sendFrame(base::Bytes frame) {
  if (m_state != State::Open || frame.empty()) return;
  m_unsentBytes += frame.size();
  m_unsent.push_back(std::move(frame));
  if (m_toldResponsesWait || m_isWaitingToWrite) return;
  m_toldResponsesWait = true;
  m_owner.onResponsesWaiting(*this);
}

void Connection::flush() {
  m_toldResponsesWait = false;
  if (m_state == State::Closed || m_isWaitingToWrite) return;
  while (!m_unsent.empty()) {
    std::array<asio::const_buffer, kBuffersPerWrite> buffers;
    size_t used = 0;
    for (const base::Bytes& frame : m_unsent) {
      if (used == buffers.size()) break;
      const size_t skip = used == 0 ? m_frontSent : 0;
      buffers[used++] = asio::buffer(frame.data() + skip, frame.size() - skip);
    }
    asio::error_code error;
    const size_t count = m_socket.write_some(buffers, error);
    if (meansLater(error)) return waitUntilWritable();
    if (error) return abort("The client no longer takes responses: " + error.message() + ".");
    hasWritten(count);
  }
  if (m_state == State::Closing) return abort(m_closeReason);
  resumeReading();
}

void Connection::hasWritten(size_t count) {
  m_unsentBytes -= count;
  while (count > 0) {
    const size_t left = m_unsent.front().size() - m_frontSent;
    if (count < left) {
      m_frontSent += count;
      return;
    }
    count -= left;
    m_frontSent = 0;
    m_unsent.pop_front();
  }
}

void Connection::waitUntilWritable() {
  m_isWaitingToWrite = true;
  m_socket.async_wait(asio::socket_base::wait_write, [self = shared_from_this()](const asio::error_code& error) {
    self->m_isWaitingToWrite = false;
    if (self->m_state == State::Closed) return;
    if (error) return self->abort("The wait to send responses failed: " + error.message() + ".");
    self->flush();
  });
}

void Connection::close(const std::string& reason) {
  if (m_state != State::Open) return;
  m_state = State::Closing;
  m_wasClosedByBroker = true;
  m_closeReason = reason;
  if (m_toldResponsesWait || m_isWaitingToWrite) return;
  // Not from inside the lab's turn: the owner may drop this connection when it closes.
  m_toldResponsesWait = true;
  m_owner.onResponsesWaiting(*this);
}

void Connection::abort(const std::string& reason) {
  if (m_state == State::Closed) return;
  m_state = State::Closed;
  asio::error_code ignored;
  m_socket.shutdown(asio::socket_base::shutdown_both, ignored);
  m_socket.close(ignored);
  m_unsent.clear();
  m_unsentBytes = 0;
  m_owner.onClosed(*this, reason);
}

}  // namespace streamscope::gateway
