// Every byte of every file in a controller's directory changes, every file ends at every length, and every file is
// missing once. The controller leads with all that was decided, or tells what it goes without, or halts with a sentence
// that names the file.

#include <QTest>
#include <algorithm>

#include "base/assert.h"
#include "controller/snapshot_file.h"
#include "controller_world.h"
#include "support/damaged_disk.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::controller;
namespace fs = std::filesystem;

namespace {

ControllerConfig config() {
  ControllerConfig config = ControllerWorld::defaults();
  config.metadataLogMaxRecordBytesBetweenSnapshots = 500;
  return config;
}

/// What a start of the controller on some disk came to.
struct Ending {
  bool isElected = false;
  std::vector<std::string> failures;
  /// What it says it goes without.
  std::vector<std::string> told;
  std::string decided;
};

/// Everything the image knows that a lost record would change.
std::string decidedIn(const MetadataImage& image) {
  std::string text = "producer id " + std::to_string(image.nextProducerId());
  for (const auto& [name, level] : image.features()) text += ", " + name + " " + std::to_string(level);
  for (const auto& [id, broker] : image.brokers()) text += ", broker " + std::to_string(id);
  for (const auto& [id, topic] : image.topics())
    text += ", " + topic.name + " " + id.toString() + " of " + std::to_string(topic.partitions.size());
  return text;
}

Ending start(std::unique_ptr<test::CrashableMemory> disk) {
  Ending ending;
  world::World world({.seed = 1});
  world.subscribe([&ending](const world::TraceEvent& event) {
    if (std::holds_alternative<world::ControllerElected>(event.payload)) ending.isElected = true;
    if (const auto* failed = std::get_if<world::LogDirectoryFailed>(&event.payload))
      ending.failures.push_back(failed->reason);
    if (const auto* recovered = std::get_if<world::LogRecovered>(&event.payload))
      ending.told.push_back(recovered->reason);
    if (const auto* skipped = std::get_if<world::MetadataRecordSkipped>(&event.payload))
      ending.told.push_back(skipped->reason);
  });
  const world::Address address = world::controllerAddress(100);
  world.addNode(
      address, [](world::NodeContext& context) { return std::make_unique<ControllerNode>(context, config()); },
      std::move(disk));
  world.startNode(address);
  world.runUntil(base::VirtualTime(std::chrono::milliseconds(10)));
  ending.decided = decidedIn(static_cast<ControllerNode&>(*world.node(address)).image());
  return ending;
}

/// A directory before anything happens to it.
struct Original {
  std::unique_ptr<test::CrashableMemory> disk;
  std::string decided;

  /// Formatted and never used: a cluster begins with bootstrap.checkpoint.
  static Original formatted() {
    ControllerWorld lab(config());
    lab.killController();
    auto disk = lab.disk().copy();
    STREAMSCOPE_ASSERT(disk->removeAll("__cluster_metadata-0").has_value() && disk->syncDirectory("").has_value());
    return of(std::move(disk));
  }
  static Original used() {
    ControllerWorld lab(config());
    lab.bringUpBrokers();
    for (const char* topic : {"orders", "payments", "returns"}) lab.createTopic(topic, {{1, 2}, {2, 3}});
    lab.killController();
    return of(lab.disk().copy());
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    collect("", found);
    return found;
  }

 private:
  static Original of(std::unique_ptr<test::CrashableMemory> disk) {
    const Ending ending = start(disk->copy());
    STREAMSCOPE_ASSERT(ending.isElected && ending.told.empty());
    return {std::move(disk), ending.decided};
  }
  void collect(const fs::path& directory, std::vector<fs::path>& found) const {
    const auto entries = disk->list(directory);
    for (const storage::DirectoryEntry& entry : *entries)
      if (entry.isDirectory)
        collect(directory / entry.name, found);
      else if (entry.size > 0 || entry.name == "quorum-state")
        found.push_back(directory / entry.name);
  }
};

/// What is wrong with how it ended, or nothing.
std::string brokenEnding(const Original& original, std::unique_ptr<test::CrashableMemory> disk, const fs::path& file) {
  const Ending ending = start(std::move(disk));
  for (const std::string& told : ending.told)
    if (told.empty()) return "something is told without a word";
  if (!ending.isElected && ending.failures.empty()) return "it is silent";
  if (!ending.failures.empty()) {
    const std::string& reason = ending.failures.front();
    // The log counts as a whole: nobody knows the name of a segment that is not there, or in which one a record is.
    const bool isNamed = reason.find(file.filename().string()) != std::string::npos ||
                         (file.extension() == ".log" && (reason.starts_with("The metadata log") ||
                                                         reason.starts_with("__cluster_metadata-0 at offset")));
    return isNamed ? "" : "it does not name the file: " + reason;
  }
  if (ending.decided == original.decided || !ending.told.empty()) return {};
  return "it forgot silently: it knows " + ending.decided + " of " + original.decided;
}

}  // namespace

class DamagedFilesTest : public QObject {
  Q_OBJECT
 private slots:
  void everyKindOfFileIsThere() {
    const Original original = Original::used();
    const std::vector<fs::path> files = original.files();
    for (const char* name : {"meta.properties", "bootstrap.checkpoint", "quorum-state", "partition.metadata",
                             "leader-epoch-checkpoint", "00000000000000000000.log"})
      QVERIFY2(std::any_of(files.begin(), files.end(), [&](const fs::path& file) { return file.filename() == name; }),
               name);
    const auto snapshots = std::count_if(files.begin(), files.end(), [](const fs::path& file) {
      return parseSnapshotFileName(file.filename().string()).has_value();
    });
    QVERIFY(snapshots >= 2);
    QVERIFY(original.decided.find("returns") != std::string::npos);
  }

  void aFlippedByteAnywhereHasANamedEnding() {
    uint64_t cases = 0;
    for (const Original& original : {Original::formatted(), Original::used()})
      for (const fs::path& file : original.files())
        for (uint64_t at = 0; at < test::sizeOf(*original.disk, file); ++at)
          for (const uint8_t mask : {uint8_t(1u << (at % 8)), uint8_t{0xff}}) {
            auto disk = original.disk->copy();
            disk->flipByte(file, at, mask);
            const std::string problem = brokenEnding(original, std::move(disk), file);
            const std::string where = file.string() + " byte " + std::to_string(at) + " mask " + std::to_string(mask);
            QVERIFY2(problem.empty(), (where + ": " + problem).c_str());
            ++cases;
          }
    QVERIFY(cases > 5'000);
  }

  void aFileOfAnyLengthHasANamedEnding() {
    for (const Original& original : {Original::formatted(), Original::used()})
      for (const fs::path& file : original.files())
        for (uint64_t size = 0; size < test::sizeOf(*original.disk, file); ++size) {
          auto disk = original.disk->copy();
          test::cutFile(*disk, file, size);
          const std::string problem = brokenEnding(original, std::move(disk), file);
          QVERIFY2(problem.empty(), (file.string() + " of " + std::to_string(size) + " bytes: " + problem).c_str());
        }
  }

  void aMissingFileHasANamedEnding() {
    for (const Original& original : {Original::formatted(), Original::used()})
      for (const fs::path& file : original.files()) {
        auto disk = original.disk->copy();
        QVERIFY(disk->remove(file).has_value());
        const std::string problem = brokenEnding(original, std::move(disk), file);
        QVERIFY2(problem.empty(), (file.string() + " missing: " + problem).c_str());
      }
  }
};

STREAMSCOPE_TEST(DamagedFilesTest);
#include "damaged_files_test.moc"
