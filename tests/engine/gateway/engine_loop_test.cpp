#include "engine_loop.h"

#include <QTest>
#include <thread>

#include "port_plan.h"
#include "protocol/codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using asio::ip::tcp;

namespace {

/// A lab of one broker behind a loop on its own thread that takes this many connections.
class Fixture {
 public:
  explicit Fixture(size_t connectionsMax) : m_exchange(true, [this] { asio::post(m_context, [] {}); }) {
    lab::LabDescription description;
    description.brokers = 1;
    auto plan = gateway::openListeners(m_context, 1, 0);
    if (!plan) return;
    m_port = plan->listeners.at(1)->port();
    lab::Lab::Options options;
    options.ports[1] = m_port;
    auto lab = lab::Lab::open(description, options);
    if (!lab) return;
    m_loop = std::make_unique<gateway::EngineLoop>(m_context, m_exchange, std::move(*lab), std::move(plan->listeners),
                                                   gateway::EngineLoop::Options{.connectionsMax = connectionsMax});
    m_thread = std::thread([this] { m_loop->run(); });
  }
  ~Fixture() {
    m_exchange.requestEnding(gateway::Ending::Kill);
    if (m_thread.joinable()) m_thread.join();
  }

  bool isReady() { return m_loop && m_exchange.waitUntilReady(std::chrono::minutes(1)); }
  tcp::endpoint broker() const { return {asio::ip::address_v4::loopback(), m_port}; }
  std::vector<std::string> takeNotices() { return m_exchange.takeNotices(); }

 private:
  asio::io_context m_context{1};
  gateway::Exchange m_exchange;
  uint16_t m_port = 0;
  std::unique_ptr<gateway::EngineLoop> m_loop;
  std::thread m_thread;
};

/// True when the broker ended the connection; false when it is still there.
bool isEnded(tcp::socket& client) {
  client.non_blocking(true);
  std::array<uint8_t, 1> byte{};
  asio::error_code error;
  client.read_some(asio::buffer(byte), error);
  return error && error != asio::error::would_block;
}

/// Waits for an answer's first byte; false when the broker ends the connection instead.
bool isAnswered(tcp::socket& client) {
  const base::Bytes frame = protocol::encodeRequestFrame(0, 1, "test", protocol::ApiVersionsRequest{});
  std::array<uint8_t, 1> byte{};
  asio::error_code error;
  asio::write(client, asio::buffer(frame), error);
  if (!error) asio::read(client, asio::buffer(byte), error);
  return !error;
}

}  // namespace

class EngineLoopTest : public QObject {
  Q_OBJECT
 private slots:
  void aConnectionTooManyIsClosedAndSaidOnce() {
    Fixture fixture(2);
    QVERIFY(fixture.isReady());
    asio::io_context context;
    std::vector<tcp::socket> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back(context);
      clients.back().connect(fixture.broker());
    }
    QTRY_VERIFY_WITH_TIMEOUT(isEnded(clients[2]) && isEnded(clients[3]), 10'000);
    QVERIFY(!isEnded(clients[0]) && !isEnded(clients[1]));
    const auto notices = fixture.takeNotices();
    QCOMPARE(notices.size(), size_t{1});
    QVERIFY(notices[0].find("2 connections") != std::string::npos);
    QVERIFY(notices[0].find("broker 1") != std::string::npos);
  }

  void whoLeavesMakesRoomAndTheNextTimeIsSaidAgain() {
    Fixture fixture(2);
    QVERIFY(fixture.isReady());
    asio::io_context context;
    for (int round = 0; round < 2; ++round) {
      std::vector<tcp::socket> clients;
      const auto isTaken = [&] {
        // The broker may still see those of the round before.
        clients.emplace_back(context);
        clients.back().connect(fixture.broker());
        if (isAnswered(clients.back())) return true;
        clients.pop_back();
        return false;
      };
      for (int i = 0; i < 2; ++i) QVERIFY(QTest::qWaitFor(isTaken, 10'000));
      tcp::socket tooMany(context);
      tooMany.connect(fixture.broker());
      QTRY_VERIFY_WITH_TIMEOUT(isEnded(tooMany), 10'000);
      QVERIFY(!fixture.takeNotices().empty());
    }
  }
};

STREAMSCOPE_TEST(EngineLoopTest);
#include "engine_loop_test.moc"
