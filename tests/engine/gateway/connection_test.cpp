#include "connection.h"

#include <QTest>

#include "base/byte_writer.h"
#include "support/test_registry.h"

using namespace streamscope;
using asio::ip::tcp;
using gateway::Connection;

namespace {

base::Bytes framed(size_t bytes, uint8_t fill) {
  base::ByteWriter writer;
  writer.writeInt32(static_cast<int32_t>(bytes));
  writer.writeBytes(base::Bytes(bytes, fill));
  return writer.take();
}

/// A connection with a client of the test's at its other end, on one thread.
class Fixture : public gateway::ConnectionOwner {
 public:
  explicit Fixture(Connection::Limits limits = {}) : client(context) {
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    client.connect(acceptor.local_endpoint());
    client.non_blocking(true);
    connection = std::make_shared<Connection>(acceptor.accept(), 1, *this, limits);
    connection->resumeReading();
  }

  void send(base::ByteView bytes) {
    asio::error_code error;
    while (!bytes.empty()) {
      bytes = bytes.subspan(client.write_some(asio::buffer(bytes.data(), bytes.size()), error));
      turn();
    }
  }
  /// What the connection's thread does in a turn, without waiting.
  void turn() {
    context.restart();
    context.poll();
    std::vector<std::shared_ptr<Connection>> waiting;
    waiting.swap(toFlush);
    for (const auto& one : waiting) one->flush();
  }
  /// Everything the client can read now.
  size_t clientReads() {
    size_t total = 0;
    base::Bytes buffer(256 * 1024);
    asio::error_code error;
    while (const size_t count = client.read_some(asio::buffer(buffer), error)) total += count;
    clientSawEnd = clientSawEnd || (error && error != asio::error::would_block);
    return total;
  }
  template <class Condition>
  bool turnUntil(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      turn();
    }
    return true;
  }

  void onFrame(Connection&, base::ByteView frame) override { frames.emplace_back(frame.begin(), frame.end()); }
  void onResponsesWaiting(Connection& one) override { toFlush.push_back(one.shared_from_this()); }
  void onClosed(Connection&, const std::string& reason) override { closeReasons.push_back(reason); }
  bool mayRead(const Connection&) const override { return isReading; }

  asio::io_context context;
  tcp::socket client;
  std::shared_ptr<Connection> connection;
  std::vector<base::Bytes> frames;
  std::vector<std::shared_ptr<Connection>> toFlush;
  std::vector<std::string> closeReasons;
  bool isReading = true;
  bool clientSawEnd = false;
};

}  // namespace

class ConnectionTest : public QObject {
  Q_OBJECT
 private slots:
  void framesArriveInOrder() {
    Fixture fixture;
    for (uint8_t i = 0; i < 20; ++i) fixture.send(framed(i * 1000u, i));
    QVERIFY(fixture.turnUntil([&] { return fixture.frames.size() == 20; }));
    for (uint8_t i = 0; i < 20; ++i) QVERIFY(fixture.frames[i] == base::Bytes(i * 1000u, i));
    QVERIFY(fixture.closeReasons.empty());
  }

  void anOversizedFrameEndsTheConnection() {
    Fixture fixture({.frameBytesMax = 100});
    fixture.send(framed(100, 1));
    fixture.send(framed(101, 1));
    QVERIFY(fixture.turnUntil([&] { return !fixture.closeReasons.empty(); }));
    QCOMPARE(fixture.frames.size(), size_t{1});
    QVERIFY(fixture.closeReasons[0].find("socket.request.max.bytes") != std::string::npos);
    QVERIFY(!fixture.connection->isOpen());
    QVERIFY(fixture.turnUntil([&] { return fixture.clientReads() == 0 && fixture.clientSawEnd; }));
  }

  void leavingIsToldApartFromLeavingHalfWay() {
    for (const bool half : {false, true}) {
      Fixture fixture;
      base::Bytes frame = framed(10, 1);
      if (half) frame.pop_back();
      fixture.send(frame);
      asio::error_code error;
      fixture.client.close(error);
      QVERIFY(fixture.turnUntil([&] { return !fixture.closeReasons.empty(); }));
      QCOMPARE(fixture.closeReasons.size(), size_t{1});
      QCOMPARE(fixture.closeReasons[0].find("middle of a request") != std::string::npos, half);
    }
  }

  void aHeldClientIsNotRead() {
    Fixture fixture;
    fixture.isReading = false;
    fixture.send(framed(10, 1));
    for (int i = 0; i < 100; ++i) fixture.turn();
    QVERIFY(fixture.frames.empty());
    fixture.isReading = true;
    fixture.connection->resumeReading();
    QVERIFY(fixture.turnUntil([&] { return fixture.frames.size() == 1; }));
  }

  void responsesLeaveInOrderAndWhole() {
    Fixture fixture;
    size_t sent = 0;
    for (const size_t size : {size_t{10}, size_t{3'000'000}, size_t{20}, size_t{5'000'000}}) {
      fixture.connection->sendFrame(framed(size, 7));
      sent += size + 4;
    }
    size_t received = 0;
    QVERIFY(fixture.turnUntil([&] { return (received += fixture.clientReads()) == sent; }));
  }

  void aClientThatDoesNotReadIsNotServedFurther() {
    Fixture fixture({.unsentBytesMax = 100'000});
    // Far more than the sockets' own buffers take.
    for (int i = 0; i < 64; ++i) fixture.connection->sendFrame(framed(1'000'000, 1));
    fixture.send(framed(10, 1));
    for (int i = 0; i < 100; ++i) fixture.turn();
    fixture.frames.clear();
    fixture.send(framed(10, 2));
    for (int i = 0; i < 100; ++i) fixture.turn();
    QVERIFY(fixture.frames.empty());
    QVERIFY(fixture.turnUntil([&] {
      fixture.clientReads();
      return fixture.frames.size() == 1;
    }));
  }

  void closingSendsWhatWaits() {
    Fixture fixture;
    fixture.connection->sendFrame(framed(3'000'000, 7));
    fixture.connection->close("done");
    fixture.connection->sendFrame(framed(10, 8));
    size_t received = 0;
    QVERIFY(fixture.turnUntil([&] {
      received += fixture.clientReads();
      return fixture.clientSawEnd;
    }));
    QCOMPARE(received, size_t{3'000'004});
    QCOMPARE(fixture.closeReasons, std::vector<std::string>{"done"});
    QVERIFY(fixture.connection->wasClosedByBroker());
  }

  void abortingEndsAtOnceAndTellsOnce() {
    Fixture fixture;
    fixture.connection->sendFrame(framed(64'000'000, 7));
    fixture.connection->abort("killed");
    fixture.connection->abort("again");
    fixture.turn();
    QCOMPARE(fixture.closeReasons, std::vector<std::string>{"killed"});
    QVERIFY(fixture.turnUntil([&] {
      fixture.clientReads();
      return fixture.clientSawEnd;
    }));
  }
};

STREAMSCOPE_TEST(ConnectionTest);
#include "connection_test.moc"
