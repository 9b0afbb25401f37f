// Power fails while a replica moves from one log directory to another, before each storage call from the first byte of
// the copy to the removal of the old replica, and each time the disk keeps another part of what was not synced.

#include <QTest>

#include "batches.h"
#include "log/log_directory.h"
#include "storage/faulty_storage.h"
#include "storage/subdirectory_storage.h"
#include "support/crashable_memory.h"
#include "support/open_log_directory.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

constexpr uint64_t kWorlds = 24;
constexpr base::Offset kRecords = 60;
const base::TopicPartition kMoved{"orders", 0};
const base::Uuid kTopicId{1, 2};

log::LogConfig smallSegments() {
  log::LogConfig config;
  config.segmentBytes = 2000;
  return config;
}

/// A broker's two directories on one disk, with a flushed replica in the first.
struct Machine {
  Machine() {
    for (const char* name : {"logs-1", "logs-2"}) static_cast<void>(disk.createDirectories(name));
    static_cast<void>(disk.syncDirectory(""));
    if (!open()) qFatal("no directories");
    log::PartitionLog* const replica = from->getOrCreate(kMoved, kTopicId, smallSegments(), log::kTestTime).value();
    for (base::Offset at = 0; at < kRecords; at += 3)
      static_cast<void>(replica->appendAsLeader(log::makeBatch({.count = 3}), 0, log::kTestTime));
    static_cast<void>(replica->flush());
    static_cast<void>(from->writeOffsetCheckpoints());
  }

  bool open() {
    from.reset();
    to.reset();
    auto first = test::openLogDirectory(fromStorage, {"c", 1, {5, 1}}, smallSegments(), log::kTestTime, report);
    auto second = test::openLogDirectory(toStorage, {"c", 1, {5, 2}}, smallSegments(), log::kTestTime, report);
    if (!first || !second) return false;
    from = std::move(*first);
    to = std::move(*second);
    return true;
  }
  /// Ends where the disk fails.
  void move() {
    const auto future = to->createFuture(kMoved, kTopicId, {9, 9}, smallSegments(), log::kTestTime);
    if (!future) return;
    const log::PartitionLog& replica = *from->find(kMoved);
    while ((*future)->logEndOffset() < replica.logEndOffset()) {
      const auto read = replica.read((*future)->logEndOffset(), replica.logEndOffset(), 300, true);
      if (!read || !(*future)->appendAsFollower(read->records, log::kTestTime)) return;
    }
    if (!to->promoteFuture(kMoved, kRecords, log::kTestTime)) return;
    static_cast<void>(from->remove(kMoved, log::kTestTime));
  }
  /// False when the move was over before that many calls.
  bool loseThePower(uint64_t call, uint64_t seed) {
    const uint64_t last = disk.operationCount() + call;
    disk.stopAtOperation(last);
    move();
    const bool failed = disk.operationCount() >= last;
    disk.stopAtOperation(UINT64_MAX);
    from.reset();
    to.reset();
    memory.crashLeavingSome(seed);
    return failed;
  }
  /// Empty when nothing is lost.
  std::string broken() const {
    const log::PartitionLog* const moved = to->find(kMoved);
    const log::PartitionLog* const replica = moved != nullptr ? moved : from->find(kMoved);
    if (replica == nullptr) return "the replica is in neither directory";
    if (replica->logStartOffset() != 0 || replica->logEndOffset() != kRecords)
      return "the log ends at " + std::to_string(replica->logEndOffset());
    const auto all = replica->read(0, kRecords, SIZE_MAX, true);
    return all && all->records.size() > 0 ? "" : "the records cannot be read";
  }

  test::CrashableMemory memory;
  storage::FaultyStorage disk{memory};
  storage::SubdirectoryStorage fromStorage{disk, "logs-1"}, toStorage{disk, "logs-2"};
  log::LogDirectory::OpenReport report;
  std::unique_ptr<log::LogDirectory> from, to;
};

}  // namespace

class MoveCrashTest : public QObject {
  Q_OBJECT
 private slots:
  void aReplicaThatMovesIsNeverLost() {
    uint64_t cases = 0;
    bool isDone = false;
    for (uint64_t call = 0; !isDone; ++call)
      for (uint64_t world = 0; world < kWorlds; ++world, ++cases) {
        Machine machine;
        isDone = !machine.loseThePower(call, call * kWorlds + world);
        const std::string where = "call " + std::to_string(call) + ", world " + std::to_string(world) + ": ";
        QVERIFY2(machine.open(), where.c_str());
        const std::string problem = machine.broken();
        QVERIFY2(problem.empty(), (where + problem).c_str());
      }
    qInfo("%llu cases", static_cast<unsigned long long>(cases));
    QVERIFY(cases > 60 * kWorlds);
  }

  void aMoveWithoutAFaultEndsInTheOtherDirectory() {
    Machine machine;
    machine.move();
    QVERIFY(machine.from->find(kMoved) == nullptr);
    QVERIFY(machine.to->find(kMoved) != nullptr);
    QCOMPARE(machine.broken(), std::string());
  }
};

STREAMSCOPE_TEST(MoveCrashTest);
#include "move_crash_test.moc"
