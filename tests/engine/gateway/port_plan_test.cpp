#include "port_plan.h"

#include <QTest>
#include <set>

#include "support/test_registry.h"

using namespace streamscope;
using asio::ip::tcp;

namespace {

/// The first of `count` ports in a row that are free now on this machine.
uint16_t freePortsInARow(asio::io_context& context, int count) {
  while (true) {
    gateway::Listener first(context);
    if (first.open(0)) continue;
    const uint16_t port = first.port();
    if (port > 65'535 - count) continue;
    bool free = true;
    std::vector<std::unique_ptr<gateway::Listener>> others;
    for (int i = 1; i < count && free; ++i) {
      others.push_back(std::make_unique<gateway::Listener>(context));
      free = !others.back()->open(static_cast<uint16_t>(port + i));
    }
    if (free) return port;
  }
}

bool connects(asio::io_context& context, const asio::ip::address& address, uint16_t port) {
  asio::error_code error;
  tcp::socket socket(context);
  socket.connect(tcp::endpoint(address, port), error);
  return !error;
}

}  // namespace

class PortPlanTest : public QObject {
  Q_OBJECT
 private slots:
  void brokersListenInARow() {
    asio::io_context context;
    const uint16_t base = freePortsInARow(context, 3);
    const auto plan = gateway::openListeners(context, 3, base);
    QVERIFY(plan.has_value());
    for (int broker = 1; broker <= 3; ++broker) {
      QCOMPARE(plan->listeners.at(broker)->port(), static_cast<uint16_t>(base + broker - 1));
      QVERIFY(connects(context, asio::ip::address_v4::loopback(), plan->listeners.at(broker)->port()));
    }
    QVERIFY(plan->notices.empty());
  }

  void aBusyPortMovesBehindAllAndIsSaid() {
    asio::io_context context;
    const uint16_t base = freePortsInARow(context, 5);
    gateway::Listener other(context);
    QVERIFY(!other.open(static_cast<uint16_t>(base + 1)));
    const auto plan = gateway::openListeners(context, 3, base);
    QVERIFY(plan.has_value());
    QCOMPARE(plan->listeners.at(1)->port(), base);
    QVERIFY(plan->listeners.at(2)->port() >= base + 3);
    QCOMPARE(plan->listeners.at(3)->port(), static_cast<uint16_t>(base + 2));
    QCOMPARE(plan->notices.size(), size_t{1});
    QCOMPARE(QString::fromStdString(plan->notices[0]),
             QString("Port %1 is in use; broker 2 listens on %2.").arg(base + 1).arg(plan->listeners.at(2)->port()));
  }

  void aPortTakenOnlyOnIpv6IsBusy() {
    asio::io_context context;
    tcp::acceptor other(context);
    asio::error_code error;
    other.open(tcp::v6(), error);
    if (!error) other.set_option(asio::ip::v6_only(true), error);
    if (!error) other.bind(tcp::endpoint(asio::ip::address_v6::loopback(), 0), error);
    if (!error) other.listen(1, error);
    if (error) QSKIP("This machine has no ::1.");
    gateway::Listener listener(context);
    QVERIFY(listener.open(other.local_endpoint(error).port()) == asio::error::address_in_use);
    QVERIFY(!listener.isOpen());
  }

  void noFreePortIsRefused() {
    asio::io_context context;
    const auto plan = gateway::openListeners(context, 3, 65'535);
    QVERIFY(!plan.has_value());
    QVERIFY(plan.error().message.find("choose another first port") != std::string::npos);
  }

  void anyPortsAreDistinct() {
    asio::io_context context;
    const auto plan = gateway::openListeners(context, 9, 0);
    QVERIFY(plan.has_value());
    std::set<uint16_t> ports;
    for (const auto& [broker, listener] : plan->listeners) ports.insert(listener->port());
    QCOMPARE(ports.size(), size_t{9});
    QVERIFY(!ports.contains(0));
  }

  void aClosedPortCanBeHadAgainAtOnce() {
    asio::io_context context;
    gateway::Listener listener(context);
    QVERIFY(!listener.open(0));
    const uint16_t port = listener.port();
    std::vector<tcp::socket> accepted;
    listener.startAccepting([&accepted](tcp::socket socket) { accepted.push_back(std::move(socket)); });
    tcp::socket client(context);
    asio::error_code error;
    client.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), error);
    QVERIFY(!error);
    while (accepted.empty()) context.run_one();
    // The server's side closes first, so that its end of the connection lingers.
    accepted.clear();
    listener.close();
    QVERIFY(!connects(context, asio::ip::address_v4::loopback(), port));
    QVERIFY(!listener.open(port));
    QVERIFY(connects(context, asio::ip::address_v4::loopback(), port));
  }
};

STREAMSCOPE_TEST(PortPlanTest);
#include "port_plan_test.moc"
