#include "wire_client.h"

#include "base/byte_reader.h"

namespace streamscope::conformance {
namespace {

constexpr int kPatienceMs = 30'000;

}  // namespace

WireClient::WireClient(uint16_t port) {
  m_socket.connectToHost("127.0.0.1", port);
  m_socket.waitForConnected(kPatienceMs);
}

void WireClient::send(base::ByteView bytes) {
  m_socket.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
  while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(kPatienceMs)) {
  }
}

bool WireClient::hasBytes(qint64 count) {
  while (m_socket.bytesAvailable() < count) {
    if (!m_socket.waitForReadyRead(kPatienceMs)) return m_socket.bytesAvailable() >= count;
  }
  return true;
}

std::optional<base::Bytes> WireClient::receive() {
  if (!hasBytes(4)) return std::nullopt;
  const QByteArray prefix = m_socket.read(4);
  const int32_t size = base::ByteReader(base::asBytes({prefix.constData(), 4})).readInt32();
  if (size < 0 || !hasBytes(size)) return std::nullopt;
  const QByteArray body = m_socket.read(size);
  return base::Bytes(body.begin(), body.end());
}

std::optional<protocol::ResponseBody> WireClient::call(int16_t version, const protocol::RequestBody& body) {
  send(protocol::encodeRequestFrame(version, ++m_correlationId, "wire-client", body));
  const auto frame = receive();
  if (!frame) return std::nullopt;
  const auto response = protocol::decodeResponseFrame(protocol::apiKeyOf(body), version, base::SharedBytes(*frame));
  if (!response || response->header.correlationId != m_correlationId) return std::nullopt;
  return response->body;
}

bool WireClient::isClosedByBroker() {
  while (m_socket.state() == QAbstractSocket::ConnectedState) {
    if (m_socket.waitForReadyRead(kPatienceMs)) break;
    if (m_socket.error() == QAbstractSocket::SocketTimeoutError) return false;
  }
  return m_socket.bytesAvailable() == 0 && m_socket.state() != QAbstractSocket::ConnectedState;
}

}  // namespace streamscope::conformance
