#include <QElapsedTimer>
#include <QFile>
#include <QTest>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "lab/invariant_checker.h"
#include "lab/lab.h"
#include "lab/lab_file.h"
#include "support/test_registry.h"

// Days of retention. What is deleted must be exactly what the rules say of the records that were appended, looked at
// every five minutes.

using namespace streamscope;
using namespace streamscope::lab;
using namespace std::chrono_literals;

namespace {

constexpr base::Duration kRetention = std::chrono::hours(7 * 24);
constexpr base::Duration kCheckInterval = 5min;
constexpr int64_t kRetentionBytes = 16384;

/// What the trace told of one log.
struct Told {
  /// When the record at each offset was appended, and by how much the log grew.
  std::vector<base::VirtualTime> appendedAt;
  std::vector<int64_t> bytes;
  struct Deletion {
    base::VirtualTime time{};
    base::Offset baseOffset = 0, endOffset = 0;
    int64_t bytesAfter = 0;
  };
  std::vector<Deletion> deletions;
  int64_t bytesNow = 0;
};

}  // namespace

class VirtualDaysTest : public QObject {
  Q_OBJECT
 private slots:
  void nineDaysLeaveSevenDaysAndSixteenKibibytes() {
    QFile file(QStringLiteral(STREAMSCOPE_LESSONS_DIR) + QStringLiteral("/01-first-light/seven-days.lab.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto description = parseLabFile(file.readAll().toStdString());
    QVERIFY2(description.has_value(), description ? "" : description.error().message.c_str());
    auto lab = Lab::open(*description, {});
    QVERIFY(lab.has_value());
    InvariantChecker checker(**lab);
    std::map<std::string, Told> told;
    (*lab)->subscribe([&](const world::TraceEvent& event) {
      if (const auto* appended = std::get_if<world::RecordsAppended>(&event.payload)) {
        Told& log = told[appended->partition.topic];
        const auto count = static_cast<size_t>(appended->lastOffset - appended->firstOffset + 1);
        log.appendedAt.insert(log.appendedAt.end(), count, event.time);
        log.bytesNow += appended->bytes;
      } else if (const auto* deleted = std::get_if<world::SegmentDeleted>(&event.payload)) {
        Told& log = told[deleted->partition.topic];
        log.bytesNow -= static_cast<int64_t>(deleted->bytes);
        log.deletions.push_back({event.time, deleted->baseOffset, deleted->endOffset, log.bytesNow});
      }
    });
    QElapsedTimer wall;
    wall.start();
    (*lab)->runUntil(base::VirtualTime(description->until));
    qInfo("nine virtual days, %llu events: %.1f s", static_cast<unsigned long long>((*lab)->world().eventsRun()),
          static_cast<double>(wall.elapsed()) / 1000);

    const SnapshotPtr snapshot = (*lab)->snapshot();
    std::map<std::string, ReplicaState> replicas;
    for (const ReplicaState& replica : snapshot->brokers.at(0).replicas) replicas[replica.partition.topic] = replica;

    // orders: a segment goes at the first look after its newest record is seven days old.
    const Told& orders = told["orders"];
    QVERIFY(orders.deletions.size() >= 5);
    base::Offset next = 0;
    for (const Told::Deletion& deletion : orders.deletions) {
      QCOMPARE(deletion.baseOffset, next);
      next = deletion.endOffset;
      const base::Duration age = deletion.time - orders.appendedAt[static_cast<size_t>(next) - 1];
      QVERIFY(age > kRetention - 1s);
      QVERIFY(age <= kRetention + kCheckInterval + 1s);
    }
    QCOMPARE(replicas["orders"].logStartOffset, next);
    QCOMPARE(replicas["orders"].segments.front().baseOffset, next);
    const base::Offset firstEnd = replicas["orders"].segments.front().endOffset;
    QVERIFY(snapshot->time - orders.appendedAt[static_cast<size_t>(firstEnd) - 1] <= kRetention + kCheckInterval + 1s);

    // clicks: what stays is at least 16 KiB, and without its oldest segment it would be less.
    const Told& clicks = told["clicks"];
    QVERIFY(clicks.deletions.size() >= 5);
    for (const Told::Deletion& deletion : clicks.deletions) QVERIFY(deletion.bytesAfter >= kRetentionBytes);
    QCOMPARE(replicas["clicks"].logStartOffset, clicks.deletions.back().endOffset);
    QVERIFY(replicas["clicks"].bytes >= static_cast<uint64_t>(kRetentionBytes));

    checker.checkNow();
    for (const std::string& violation : checker.violations()) QFAIL(violation.c_str());
    QVERIFY(checker.batchesAcknowledged() > 1000);
  }
};

STREAMSCOPE_TEST(VirtualDaysTest);
#include "virtual_days_test.moc"
