// The labs about faults: what each description promises must be seen.

#include <QFile>
#include <QTest>
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "lab/invariant_checker.h"
#include "lab/lab.h"
#include "lab/lab_file.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;
using namespace std::chrono_literals;

namespace {

LabDescription labFrom(const char* name) {
  QFile file(QStringLiteral(STREAMSCOPE_LESSONS_DIR "/02-faults/") + QString::fromLatin1(name) +
             QStringLiteral(".lab.json"));
  if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", name);
  const auto description = parseLabFile(file.readAll().toStdString());
  if (!description) qFatal("%s", description.error().message.c_str());
  return *description;
}

/// A lab run to its end, with all that happened.
struct Told {
  explicit Told(const LabDescription& description) {
    auto opened = Lab::open(description, {});
    if (!opened) qFatal("%s", opened.error().message.c_str());
    lab = std::move(*opened);
    checker = std::make_unique<InvariantChecker>(*lab);
    lab->subscribe([this](const world::TraceEvent& event) { events.push_back(event); });
    lab->runUntil(base::VirtualTime(description.until));
  }
  template <class Kind>
  std::vector<std::pair<base::VirtualTime, Kind>> all() const {
    std::vector<std::pair<base::VirtualTime, Kind>> found;
    for (const world::TraceEvent& event : events)
      if (const auto* kind = std::get_if<Kind>(&event.payload)) found.emplace_back(event.time, *kind);
    return found;
  }
  void commandsWereCarriedOut() const {
    for (const auto& [time, command] : all<world::CommandExecuted>())
      QVERIFY2(command.refusal.empty(), (command.command + ": " + command.refusal).c_str());
  }

  std::unique_ptr<Lab> lab;
  std::unique_ptr<InvariantChecker> checker;
  std::vector<world::TraceEvent> events;
};

base::VirtualTime at(base::Duration time) {
  return base::VirtualTime(time);
}

/// How long Produce requests took that were answered in this time: nine of ten were faster.
base::Duration produceTime(const Told& told, base::VirtualTime from, base::VirtualTime to) {
  std::map<std::tuple<world::Address, world::Address, int32_t>, base::VirtualTime> sent;
  std::vector<base::Duration> took;
  for (const world::TraceEvent& event : told.events) {
    if (const auto* request = std::get_if<world::RequestSent>(&event.payload)) {
      if (request->api == protocol::ApiKey::Produce)
        sent[{request->from, request->to, request->correlationId}] = event.time;
    } else if (const auto* response = std::get_if<world::ResponseReceived>(&event.payload)) {
      const auto asked = sent.find({response->to, response->from, response->correlationId});
      if (response->api != protocol::ApiKey::Produce || asked == sent.end()) continue;
      if (event.time >= from && event.time < to) took.push_back(event.time - asked->second);
    }
  }
  std::sort(took.begin(), took.end());
  return took.empty() ? base::Duration::zero() : took[took.size() * 9 / 10];
}

}  // namespace

class FaultLabsTest : public QObject {
  Q_OBJECT
 private slots:
  void aSlowLinkIsWaitedFor() {
    const Told told(labFrom("slow-link"));
    told.commandsWereCarriedOut();
    QCOMPARE(told.all<world::LinkConditionsChanged>().size(), size_t{4});
    QVERIFY(!told.all<world::MessageRetransmitted>().empty());
    const base::Duration before = produceTime(told, at(5s), at(15s)), during = produceTime(told, at(20s), at(45s));
    QVERIFY2(during > before + 100ms,
             (std::to_string(before.count()) + " and " + std::to_string(during.count())).c_str());
    for (const auto& [time, changed] : told.all<world::PartitionChanged>()) QVERIFY(changed.isr.size() == 3);
    told.checker->checkNow();
    QVERIFY(told.checker->violations().empty());
  }

  void aSkewedClockMakesFreshRecordsOld() {
    const Told told(labFrom("skewed-clock"));
    told.commandsWereCarriedOut();
    const auto deleted = told.all<world::SegmentDeleted>();
    QVERIFY(!deleted.empty());
    for (const auto& [time, segment] : deleted) {
      QCOMPARE(segment.partition.topic, std::string("orders"));
      QVERIFY(time > at(5s));
    }
  }

  void aPowerLossTakesWhatNoDiskHad() {
    const auto lostOf = [](const char* flushMessages) {
      LabDescription description = labFrom("power-loss");
      if (flushMessages != nullptr) description.topics[0].configs["flush.messages"] = flushMessages;
      const Told told(description);
      told.commandsWereCarriedOut();
      const SnapshotPtr end = told.lab->snapshot();
      int64_t kept = 0;
      for (const BrokerState& broker : end->brokers)
        for (const ReplicaState& replica : broker.replicas)
          if (replica.isLeader) kept += replica.logEndOffset;
      return end->producers[0].recordsAcknowledged - kept;
    };
    QVERIFY2(lostOf(nullptr) > 0, "three disks lost nothing of what was acknowledged");
    QCOMPARE(lostOf("1"), int64_t{0});
  }

  void aSickDiskSlowsThenEndsItsBroker() {
    const Told told(labFrom("sick-disk"));
    told.commandsWereCarriedOut();
    const base::Duration before = produceTime(told, at(5s), at(15s)), during = produceTime(told, at(20s), at(35s));
    QVERIFY2(during > 2 * before, (std::to_string(before.count()) + " and " + std::to_string(during.count())).c_str());
    const auto failed = told.all<world::LogDirectoryFailed>();
    QVERIFY(!failed.empty());
    QCOMPARE(failed.front().second.node, world::brokerAddress(1));
    QVERIFY(failed.front().first >= at(35s));
    const SnapshotPtr end = told.lab->snapshot();
    QCOMPARE(end->brokers[0].condition, NodeCondition::Running);
    QCOMPARE(end->counters.underReplicatedPartitions, 0);
    told.checker->checkNow();
    QVERIFY(told.checker->violations().empty());
  }

  void injectedErrorsAreTriedAgain() {
    const Told told(labFrom("injected-errors"));
    told.commandsWereCarriedOut();
    const auto used = told.all<world::InjectedErrorUsed>();
    QCOMPARE(used.size(), size_t{5});
    const SnapshotPtr end = told.lab->snapshot();
    QCOMPARE(end->producers[0].recordsAcknowledged, int64_t{1500});
    QCOMPARE(end->producers[0].recordsFailed, int64_t{0});
    QVERIFY(end->producers[0].retries >= 3);
    QCOMPARE(end->consumers[0].recordsConsumed, int64_t{1500});
  }
};

STREAMSCOPE_TEST(FaultLabsTest);
#include "fault_labs_test.moc"
