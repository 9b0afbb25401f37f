#include "broker_gate.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;
using asio::ip::tcp;
using gateway::BrokerGate;
using gateway::Connection;

namespace {

/// A gate with one client of the test's that came through it, on one thread.
class Fixture : public gateway::ConnectionOwner {
 public:
  Fixture() : m_client(m_context) {
    auto listener = std::make_unique<gateway::Listener>(m_context);
    if (listener->open(0)) return;
    gate = std::make_unique<BrokerGate>(1, std::move(listener));
    follow(BrokerGate::Condition::Serving, start);
    m_client.connect(tcp::endpoint(asio::ip::address_v4::loopback(), gate->port()));
    while (gate->connectionCount() == 0) m_context.run_one();
  }

  void follow(BrokerGate::Condition wanted, std::chrono::steady_clock::time_point now) {
    gate->follow(wanted, now, [this](tcp::socket socket) {
      gate->add(std::make_shared<Connection>(std::move(socket), 1, *this, Connection::Limits{}));
    });
  }

  void onFrame(Connection&, base::ByteView) override {}
  void onResponsesWaiting(Connection&) override {}
  void onClosed(Connection& connection, const std::string&) override { gate->remove(connection); }
  bool mayRead(const Connection&) const override { return false; }

  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

 private:
  asio::io_context m_context;
  tcp::socket m_client;

 public:
  /// Its sockets go before their context.
  std::unique_ptr<BrokerGate> gate;
};

}  // namespace

class BrokerGateTest : public QObject {
  Q_OBJECT
 private slots:
  void aSilentClientIsEnded() {
    Fixture fixture;
    fixture.gate->abortIdle(fixture.start);
    QCOMPARE(fixture.gate->connectionCount(), size_t{1});
    fixture.gate->abortIdle(fixture.start + 1h);
    QCOMPARE(fixture.gate->connectionCount(), size_t{0});
  }

  void timeHeldIsNotSilence() {
    Fixture fixture;
    fixture.follow(BrokerGate::Condition::Held, fixture.start);
    fixture.follow(BrokerGate::Condition::Serving, fixture.start + 1h);
    fixture.gate->abortIdle(fixture.start + 1h);
    QCOMPARE(fixture.gate->connectionCount(), size_t{1});
    fixture.follow(BrokerGate::Condition::Serving, fixture.start + 2h);
    fixture.gate->abortIdle(fixture.start + 2h);
    QCOMPARE(fixture.gate->connectionCount(), size_t{0});
  }
};

STREAMSCOPE_TEST(BrokerGateTest);
#include "broker_gate_test.moc"
