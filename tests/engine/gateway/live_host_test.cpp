#include "gateway/live_host.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <asio.hpp>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "base/byte_reader.h"
#include "protocol/codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;
using asio::ip::tcp;
using gateway::LiveHost;

namespace {

lab::LabDescription threeBrokers() {
  lab::LabDescription description;
  description.linkLatency = description.linkJitter = base::Duration(0);
  lab::CreateTopic topic;
  topic.topic = "orders";
  topic.replicationFactor = 3;
  description.topics.push_back(topic);
  return description;
}

std::unique_ptr<LiveHost> startedHost(LiveHost::Options options = {}) {
  options.basePort = 0;
  auto host = LiveHost::start(threeBrokers(), options);
  return host ? std::move(*host) : nullptr;
}

uint16_t portOf(const LiveHost& host, int broker) {
  return QString::fromStdString(host.bootstrapServers()).split(',').at(broker - 1).section(':', 1).toUShort();
}

base::Status execute(LiveHost& host, const lab::Command& command) {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<base::Status> outcome;
  host.execute(command, [&](base::Status status) {
    const std::lock_guard lock(mutex);
    outcome = std::move(status);
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return outcome.has_value(); });
  return *outcome;
}

/// A paused lab in which nothing changes any more.
std::unique_ptr<LiveHost> startedQuietHost() {
  auto host = startedHost();
  if (!host || !host->waitUntilReady(60s)) return nullptr;
  host->setSpeed(100);
  if (!QTest::qWaitFor([&host] { return host->snapshot()->time > base::VirtualTime(30s); }, 60'000)) return nullptr;
  host->pause();
  // An order is carried out after the pause before it.
  return execute(*host, lab::KillBroker{7}).has_value() ? nullptr : std::move(host);
}

/// A blocking client of one broker.
class Client {
 public:
  explicit Client(uint16_t port) : m_socket(m_context) {
    m_socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), m_error);
  }
  bool isConnected() const { return !m_error; }
  void send() {
    const base::Bytes frame = protocol::encodeRequestFrame(0, 1, "test", protocol::ApiVersionsRequest{});
    asio::write(m_socket, asio::buffer(frame), m_error);
  }
  /// Waits for a whole response; false when the connection ends first.
  bool receive() {
    std::array<uint8_t, 4> prefix{};
    asio::read(m_socket, asio::buffer(prefix), m_error);
    if (m_error) return false;
    base::Bytes body(static_cast<size_t>(base::ByteReader(prefix).readInt32()));
    asio::read(m_socket, asio::buffer(body), m_error);
    return !m_error;
  }
  bool hasBytes() { return m_socket.available(m_error) > 0; }
  /// True once the broker's side has closed.
  bool hasEnded() {
    m_socket.non_blocking(true, m_error);
    char byte = 0;
    m_socket.read_some(asio::buffer(&byte, 1), m_error);
    return m_error && m_error != asio::error::would_block;
  }

 private:
  asio::io_context m_context;
  tcp::socket m_socket;
  asio::error_code m_error;
};

}  // namespace

class LiveHostTest : public QObject {
  Q_OBJECT
 private slots:
  void aLabCanBeOpenedAtAMomentOfItsStory() {
    lab::LabDescription description = threeBrokers();
    description.commands = {{base::VirtualTime(20s), lab::KillBroker{2}}, {base::VirtualTime(40s), lab::KillBroker{3}}};
    LiveHost::Options options;
    options.withoutListeners = true;
    options.startAt = base::VirtualTime(30s);
    const auto host = LiveHost::start(description, options);
    QVERIFY(host.has_value());
    QVERIFY(!(*host)->isPlaying());
    QVERIFY(
        QTest::qWaitFor([&] { return (*host)->snapshot() != nullptr && (*host)->snapshot()->brokers.size() == 3; }));
    const lab::SnapshotPtr snapshot = (*host)->snapshot();
    QCOMPARE(snapshot->time, base::VirtualTime(30s));
    QVERIFY(snapshot->brokers[1].condition == lab::NodeCondition::Down);
    QVERIFY(snapshot->brokers[2].condition == lab::NodeCondition::Running);
    // The same story as without a wall clock beside it.
    auto told = lab::Lab::open(description, {});
    (*told)->runUntil(base::VirtualTime(30s));
    QCOMPARE(snapshot->lastEvent, (*told)->snapshot()->lastEvent);
  }

  void everyBrokerAnswers() {
    const auto host = startedHost();
    QVERIFY(host && host->waitUntilReady(60s));
    for (int broker = 1; broker <= 3; ++broker) {
      Client client(portOf(*host, broker));
      client.send();
      QVERIFY(client.receive());
    }
  }

  void aBrokersFullDiskIsSaid() {
    const auto host = startedHost();
    QVERIFY(host && host->waitUntilReady(60s));
    host->takeNotices();
    QVERIFY(execute(*host, lab::SetDiskFull{2, true}).has_value());
    // The new replicas find no room.
    QVERIFY(execute(*host, lab::CreateTopic{"payments", 3, 3, {}}).has_value());
    QStringList notices;
    const auto isSaid = [&] {
      for (const std::string& notice : host->takeNotices()) notices << QString::fromStdString(notice);
      return !notices.isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isSaid(), 60'000);
    QVERIFY2(notices.front().startsWith("broker 2 has stopped") && notices.front().contains("the disk is full"),
             qPrintable(notices.front()));
  }

  void virtualTimeGoesWithTheWallClock() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    const auto wall = std::chrono::steady_clock::now();
    const base::VirtualTime before = host->snapshot()->time;
    QTRY_VERIFY_WITH_TIMEOUT(host->snapshot()->time - before > 200ms, 60'000);
    // Never faster; how much slower depends on the machine's load.
    QVERIFY(host->snapshot()->time - before <= std::chrono::steady_clock::now() - wall + 100ms);
  }

  void speedIsObeyed() {
    const auto host = startedHost();
    host->setSpeed(100);
    QTRY_VERIFY_WITH_TIMEOUT(host->snapshot()->time > base::VirtualTime(20s), 10'000);
    host->setSpeed(std::numeric_limits<double>::infinity());
    QTRY_VERIFY_WITH_TIMEOUT(host->snapshot()->time > base::VirtualTime(10min), 60'000);
    Client client(portOf(*host, 1));
    client.send();
    QVERIFY(client.receive());
  }

  void pausedTimeStandsAndClientsWait() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    Client client(portOf(*host, 1));
    client.send();
    QVERIFY(client.receive());
    host->pause();
    QVERIFY(!host->isPlaying());
    // An order is carried out after the pause before it.
    QVERIFY(execute(*host, lab::PauseBroker{3}).has_value());
    const base::VirtualTime paused = host->snapshot()->time;
    client.send();
    QTest::qWait(50);
    QVERIFY(!client.hasBytes());
    QVERIFY(host->snapshot()->time == paused);
    host->play();
    QVERIFY(client.receive());
  }

  void aStepGoesToTheNextEventOfItsKind() {
    LiveHost::Options options;
    options.startPaused = true;
    const auto host = startedHost(options);
    QVERIFY(host->snapshot()->time == base::VirtualTime{});
    host->takeTrace();
    host->step(lab::StepKind::NextRequest);
    std::vector<world::TraceEvent> events;
    const auto arrived = [&] {
      const auto batch = host->takeTrace().events;
      events.insert(events.end(), batch.begin(), batch.end());
      return !events.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(arrived(), 60'000);
    const auto first = std::find_if(events.begin(), events.end(), [](const world::TraceEvent& event) {
      return std::holds_alternative<world::RequestReceived>(event.payload) ||
             std::holds_alternative<world::ResponseReceived>(event.payload);
    });
    QVERIFY(first != events.end());
    // Nothing later has happened, and nothing more happens.
    QVERIFY(events.back().time == first->time);
    QTest::qWait(50);
    QVERIFY(host->takeTrace().events.empty());
    QVERIFY(host->snapshot()->time == first->time);
    QVERIFY(!host->isPlaying());
  }

  void aStepThatNothingEndsStopsAfterAVirtualMinute() {
    const auto host = startedQuietHost();
    QVERIFY(host != nullptr);
    const base::VirtualTime begin = host->snapshot()->time;
    // The one that waits is given up with it.
    host->step(lab::StepKind::NextChange);
    host->step(lab::StepKind::NextChange);
    std::vector<std::string> notices;
    const auto isSaid = [&] {
      if (notices.empty()) notices = host->takeNotices();
      return !notices.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isSaid(), 60'000);
    QCOMPARE(notices.size(), size_t{1});
    QVERIFY(notices[0].find("within one virtual minute") != std::string::npos);
    QVERIFY(!execute(*host, lab::KillBroker{7}).has_value());
    QVERIFY(host->snapshot()->time == begin + 1min);
    QTest::qWait(50);
    QVERIFY(host->snapshot()->time == begin + 1min);
    QVERIFY(host->takeNotices().empty());
    QVERIFY(!host->isPlaying());
  }

  void pausingEndsAStepUnderWay() {
    const auto host = startedQuietHost();
    QVERIFY(host != nullptr);
    const base::VirtualTime begin = host->snapshot()->time;
    // Outcomes are told on the engine's thread, one turn after the other: the step has run for a slice when it is
    // taken back, and cannot have come to its end.
    const lab::Command refused = lab::KillBroker{7};
    host->execute(refused, [&host, refused](const base::Status&) {
      host->step(lab::StepKind::NextChange);
      host->execute(refused, [&host, refused](const base::Status&) {
        host->execute(refused, [&host](const base::Status&) { host->pause(); });
      });
    });
    QTRY_VERIFY_WITH_TIMEOUT(host->snapshot()->time > begin, 60'000);
    base::VirtualTime stopped = begin;
    const auto stands = [&] {
      const base::VirtualTime before = stopped;
      QTest::qWait(50);
      stopped = host->snapshot()->time;
      return stopped == before;
    };
    QTRY_VERIFY_WITH_TIMEOUT(stands(), 60'000);
    QVERIFY(stopped > begin && stopped < begin + 1min);
    QVERIFY(host->takeNotices().empty());
  }

  void aPausedBrokerHoldsItsClients() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    Client before(portOf(*host, 1)), other(portOf(*host, 2));
    before.send();
    QVERIFY(before.receive());
    QVERIFY(execute(*host, lab::PauseBroker{1}).has_value());
    Client during(portOf(*host, 1));
    QVERIFY(during.isConnected());
    before.send();
    during.send();
    other.send();
    QVERIFY(other.receive());
    QVERIFY(!before.hasBytes() && !during.hasBytes());
    QVERIFY(execute(*host, lab::ResumeBroker{1}).has_value());
    QVERIFY(before.receive() && during.receive());
  }

  void aKilledBrokerClosesAndComesBackOnItsPort() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    // The controller lets a broker register again when the session of its former life has ended.
    host->setSpeed(20);
    const uint16_t port = portOf(*host, 2);
    Client client(port);
    client.send();
    QVERIFY(client.receive());
    QVERIFY(execute(*host, lab::KillBroker{2}).has_value());
    QVERIFY(!client.receive());
    QTRY_VERIFY_WITH_TIMEOUT(!Client(port).isConnected(), 10'000);
    QVERIFY(execute(*host, lab::StartBroker{2}).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(Client(port).isConnected(), 10'000);
    Client again(port);
    again.send();
    QVERIFY(again.receive());
    QVERIFY(host->takeNotices().empty());
  }

  /// A browser, an editor, a tool: what this process starts while brokers listen lives on when they end.
  void aProgramStartedMeanwhileKeepsNoSocket() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    host->setSpeed(20);
    const uint16_t port = portOf(*host, 2);
    Client before(port);
    before.send();
    QVERIFY(before.receive());
    // Reads what it is given until there is no more.
#ifdef Q_OS_WIN
    const QString reader = "cmd";
#else
    const QString reader = "cat";
#endif
    QProcess program;
    program.start(reader, QStringList());
    QVERIFY2(program.waitForStarted(), qPrintable(program.errorString()));
    QVERIFY(execute(*host, lab::KillBroker{2}).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(before.hasEnded(), 10'000);
    QVERIFY(execute(*host, lab::StartBroker{2}).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(Client(port).isConnected(), 10'000);
    Client again(port);
    again.send();
    QTRY_VERIFY_WITH_TIMEOUT(again.hasBytes(), 10'000);
    QVERIFY(host->takeNotices().empty());
    QCOMPARE(program.state(), QProcess::Running);
    program.closeWriteChannel();
    QVERIFY(program.waitForFinished());
  }

  void aPortTakenWhileTheBrokerWasDownIsSaid() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    // The controller lets a broker register again when the session of its former life has ended.
    host->setSpeed(20);
    const uint16_t port = portOf(*host, 2);
    QVERIFY(execute(*host, lab::KillBroker{2}).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(!Client(port).isConnected(), 10'000);
    std::vector<std::string> notices;
    {
      asio::io_context context;
      tcp::acceptor taker(context, tcp::endpoint(asio::ip::address_v4::loopback(), port));
      QVERIFY(execute(*host, lab::StartBroker{2}).has_value());
      const auto isSaid = [&] {
        if (notices.empty()) notices = host->takeNotices();
        return !notices.empty();
      };
      QTRY_VERIFY_WITH_TIMEOUT(isSaid(), 10'000);
    }
    QCOMPARE(notices.size(), size_t{1});
    QVERIFY(notices[0].find("was taken while it was down") != std::string::npos);
    const auto answers = [port] {
      Client client(port);
      client.send();
      return client.receive();
    };
    QTRY_VERIFY_WITH_TIMEOUT(answers(), 10'000);
  }

  void aRefusedCommandSaysWhy() {
    const auto host = startedHost();
    const base::Status status = execute(*host, lab::KillBroker{7});
    QVERIFY(!status.has_value());
    QVERIFY(!status.error().message.empty());
  }

  void manyRequestsInOneWriteAreAllAnswered() {
    const auto host = startedHost();
    QVERIFY(host->waitUntilReady(60s));
    Client client(portOf(*host, 1));
    for (int i = 0; i < 500; ++i) client.send();
    for (int i = 0; i < 500; ++i) QVERIFY(client.receive());
  }

  void everythingEndsWithTheHost() {
    QTemporaryDir temporary;
    LiveHost::Options options;
    options.dataDirectory = temporary.filePath("data").toStdString();
    auto host = startedHost(options);
    QVERIFY(host->waitUntilReady(60s));
    const uint16_t port = portOf(*host, 1);
    Client client(port);
    host->stopCleanly();
    QVERIFY(!client.receive());
    QVERIFY(!Client(port).isConnected());
    // Late callers get an answer rather than a wait.
    host->play();
    QVERIFY(host->snapshot() != nullptr);
    host.reset();
    // And the same directory serves again.
    host = startedHost(options);
    QVERIFY(host && host->waitUntilReady(60s));
  }

  void anotherClustersDirectoryIsRefused() {
    QTemporaryDir temporary;
    QDir(temporary.path()).mkpath("broker-1");
    QFile properties(temporary.filePath("broker-1/meta.properties"));
    QVERIFY(properties.open(QIODevice::WriteOnly));
    properties.write("version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAg\nnode.id=5\ndirectory.id=AAAAAAAAAAAAAAAAAAAAAw\n");
    properties.close();
    LiveHost::Options options;
    options.basePort = 0;
    options.dataDirectory = temporary.path().toStdString();
    const auto host = LiveHost::start(threeBrokers(), options);
    QVERIFY(!host.has_value());
    QVERIFY(!host.error().message.empty());
  }
};

STREAMSCOPE_TEST(LiveHostTest);
#include "live_host_test.moc"
