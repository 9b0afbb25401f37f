#include "listener.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using asio::ip::tcp;
using gateway::Listener;

class ListenerTest : public QObject {
  Q_OBJECT
 private slots:
  void whoComesWhileNobodyAcceptsWaits() {
    asio::io_context context;
    Listener listener(context);
    QVERIFY(!listener.open(0));
    std::vector<tcp::socket> accepted;
    const auto accept = [&](tcp::socket socket) { accepted.push_back(std::move(socket)); };
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), listener.port());

    tcp::socket first(context), second(context), third(context);
    first.connect(endpoint);
    listener.startAccepting(accept);
    while (accepted.empty()) context.run_one();

    listener.stopAccepting();
    second.connect(endpoint);
    third.connect(endpoint);
    // The accept that was under way takes one of them.
    context.run_one();
    context.poll();
    QCOMPARE(accepted.size(), size_t{1});

    listener.startAccepting(accept);
    while (accepted.size() < 3) context.run_one();
    for (size_t i = 0; const tcp::socket* client : {&first, &second, &third})
      QCOMPARE(accepted[i++].remote_endpoint(), client->local_endpoint());
  }

  void aPortInUseIsRefused() {
    asio::io_context context;
    Listener one(context), other(context);
    QVERIFY(!one.open(0));
    QCOMPARE(other.open(one.port()), asio::error_code(asio::error::address_in_use));
    QVERIFY(!other.isOpen());
    one.close();
    QVERIFY(!other.open(other.port()));
  }
};

STREAMSCOPE_TEST(ListenerTest);
#include "listener_test.moc"
