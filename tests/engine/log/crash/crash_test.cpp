// Power fails before every storage call of a seeded workload, and the disk keeps something between nothing and all of
// what was not synced. One case again, as printed when it failed:
//
//   STREAMSCOPE_CRASH_CASE=<seed>:<call>:<world> engine_log_crash
//
// More of them than CI has time for: STREAMSCOPE_CRASH_SEEDS=<first>..<last> of the workloads.

#include <QTest>
#include <cstdlib>
#include <optional>

#include "batches.h"
#include "crash_checks.h"
#include "crash_workload.h"
#include "support/open_log_directory.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::CrashWorkload;

namespace {

constexpr uint64_t kWorkloads = 24;
constexpr int kActions = 70;
/// What the disk keeps: everything (the process dies), nothing, nothing but a part of the last append, then seeds.
constexpr uint64_t kWorlds = 6;
/// Of which each call gets some, in turn: more different workloads find more than all worlds of a few.
constexpr uint64_t kWorldsPerCall = 2;

struct Case {
  uint64_t seed = 0;
  uint64_t call = 0;
  uint64_t world = 0;

  std::string toString() const {
    return std::to_string(seed) + ":" + std::to_string(call) + ":" + std::to_string(world);
  }
};

std::optional<Case> onlyCase() {
  const char* text = std::getenv("STREAMSCOPE_CRASH_CASE");
  if (text == nullptr) return std::nullopt;
  const QStringList parts = QString::fromLatin1(text).split(':');
  if (parts.size() != 3) return std::nullopt;
  return Case{parts[0].toULongLong(), parts[1].toULongLong(), parts[2].toULongLong()};
}

struct Seeds {
  uint64_t first = 0, last = kWorkloads - 1;
};

Seeds seeds(const std::optional<Case>& only) {
  if (only) return {only->seed, only->seed};
  const char* text = std::getenv("STREAMSCOPE_CRASH_SEEDS");
  if (text == nullptr) return {};
  const QStringList ends = QString::fromLatin1(text).split("..");
  if (ends.size() != 2) qFatal("STREAMSCOPE_CRASH_SEEDS is %s; give <first>..<last>", text);
  return {ends[0].toULongLong(), ends[1].toULongLong()};
}

uint64_t seedOf(const Case& one) {
  return (one.seed * 1'000'003 + one.call) * 101 + one.world;
}

void losePower(test::CrashableMemory& disk, const Case& one) {
  switch (one.world) {
    case 0:
      return;
    case 1:
      return disk.crash();
    case 2:
      return disk.crash({base::Random(seedOf(one)).below(200)});
    default:
      return disk.crashLeavingSome(seedOf(one));
  }
}

/// Recovery itself is interrupted by another failure, somewhere.
void failDuringRecovery(test::CrashableMemory& disk, const Case& one) {
  base::Random random(seedOf(one) + 1);
  storage::FaultyStorage faulty(disk);
  faulty.stopAtOperation(random.below(120));
  log::LogDirectory::OpenReport report;
  const auto ignored =
      test::openLogDirectory(faulty, log::crashIdentity(), log::crashAssignments(), log::kTestTime, report);
  disk.crashLeavingSome(random.next());
}

/// What the failure left, for whoever looks into one case.
void describe(storage::Storage& disk, const std::filesystem::path& directory = "") {
  const auto entries = disk.list(directory);
  if (!entries) return;
  for (const storage::DirectoryEntry& entry : *entries) {
    const std::filesystem::path path = directory / entry.name;
    if (entry.isDirectory) {
      describe(disk, path);
      continue;
    }
    const auto bytes = disk.readFile(path);
    const bool isText = path.filename().string().find("checkpoint") != std::string::npos;
    qInfo("%s: %llu bytes %s", path.c_str(), static_cast<unsigned long long>(entry.size),
          isText && bytes ? std::string(base::asText(*bytes)).c_str() : "");
  }
}

std::string checkCase(const CrashWorkload& workload, const test::CrashableMemory& memory, const Case& one) {
  const auto disk = memory.copy();
  losePower(*disk, one);
  if (std::getenv("STREAMSCOPE_CRASH_CASE") != nullptr) describe(*disk);
  if (one.world + 1 == kWorlds) failDuringRecovery(*disk, one);
  const std::string problem = log::checkRecovery(workload.expected(), *disk);
  if (problem.empty()) return problem;
  return "STREAMSCOPE_CRASH_CASE=" + one.toString() + " (during: " + workload.action() + "): " + problem;
}

}  // namespace

class CrashTest : public QObject {
  Q_OBJECT
 private slots:
  void aCrashAtEveryStorageCallKeepsEveryPromise() {
    const std::optional<Case> only = onlyCase();
    uint64_t cases = 0;
    std::string failure;
    const Seeds wanted = seeds(only);
    for (uint64_t seed = wanted.first; seed <= wanted.last; ++seed) {
      CrashWorkload workload(seed);
      workload.disk().setObserver([&](uint64_t call) {
        if (!failure.empty() || (only && call != only->call)) return;
        for (uint64_t turn = 0; turn < kWorldsPerCall && failure.empty(); ++turn) {
          const uint64_t world = only ? only->world : (seed + call + turn * kWorlds / kWorldsPerCall) % kWorlds;
          ++cases;
          failure = checkCase(workload, workload.memory(), {seed, call, world});
        }
      });
      workload.run(kActions);
      QVERIFY2(failure.empty(), failure.c_str());
      QVERIFY2(workload.surprise().empty(), (std::to_string(seed) + ": " + workload.surprise()).c_str());
    }
    qInfo("%llu cases", static_cast<unsigned long long>(cases));
    if (wanted.last - wanted.first + 1 >= kWorkloads) QVERIFY(cases > 20'000);
  }

  /// Kafka: LogDirFailureChannel. One call fails, a sync or any other, and the disk is fine again at once.
  void aFailedCallTakesTheDirectoryOfflineAndLosesNothingSynced() {
    constexpr int kFewActions = 30;
    for (uint64_t seed = 100; seed < 103; ++seed) {
      CrashWorkload counting(seed);
      counting.run(kFewActions);
      QVERIFY2(counting.surprise().empty(), counting.surprise().c_str());
      for (uint64_t call = 0; call < counting.disk().operationCount(); ++call) {
        CrashWorkload workload(seed);
        workload.disk().failOperation(call);
        workload.run(kFewActions);
        const std::string where = "seed " + std::to_string(seed) + ", call " + std::to_string(call) + ": ";
        QVERIFY2(workload.surprise().empty(), (where + workload.surprise()).c_str());
      }
    }
  }
};

STREAMSCOPE_TEST(CrashTest);
#include "crash_test.moc"
