#pragma once

#include <QTcpSocket>
#include <optional>

#include "base/bytes.h"
#include "protocol/codec.h"

namespace streamscope::conformance {

/// A client that says exactly what it is told to, right or wrong.
class WireClient {
 public:
  explicit WireClient(uint16_t port);

  bool isConnected() const { return m_socket.state() == QAbstractSocket::ConnectedState; }
  void send(base::ByteView bytes);
  /// A request in Kafka's framing, answered; none when the broker closes the connection instead.
  std::optional<protocol::ResponseBody> call(int16_t version, const protocol::RequestBody& body);
  /// The next frame without its size; none when the connection ends first.
  std::optional<base::Bytes> receive();
  /// True once the broker has closed the connection without another byte.
  bool isClosedByBroker();
  void leave() { m_socket.abort(); }

 private:
  bool hasBytes(qint64 count);

  QTcpSocket m_socket;
  int32_t m_correlationId = 0;
};

}  // namespace streamscope::conformance
