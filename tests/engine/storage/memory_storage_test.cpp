#include "storage/memory_storage.h"

#include <QTest>
#include <algorithm>
#include <set>

#include "support/test_registry.h"

using namespace streamscope;
using storage::OpenMode;

namespace {

std::string contentOf(storage::Storage& disk, const std::filesystem::path& path) {
  const auto bytes = disk.readFile(path);
  return bytes ? std::string(base::asText(*bytes)) : "(none)";
}

}  // namespace

class MemoryStorageTest : public QObject {
  Q_OBJECT
 private slots:
  void aCrashDropsWhatWasNotSynced() {
    storage::MemoryStorage disk;
    const auto file = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*file)->append(base::asBytes("durable")).has_value());
    QVERIFY((*file)->sync().has_value());
    QVERIFY((*file)->append(base::asBytes(" lost")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "a"), std::string("durable"));
    QVERIFY(!(*file)->append(base::asBytes("x")).has_value());
    QVERIFY(!(*file)->sync().has_value());
  }

  void aCrashUndoesOverwritesAndCuts() {
    storage::MemoryStorage disk;
    const auto file = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*file)->append(base::asBytes("0123456789")).has_value());
    QVERIFY((*file)->sync().has_value());
    QVERIFY((*file)->writeAt(2, base::asBytes("XX")).has_value());
    QVERIFY((*file)->truncate(5).has_value());
    QVERIFY((*file)->append(base::asBytes("abcdefghijk")).has_value());
    QVERIFY((*file)->writeAt(3, base::asBytes("YYYY")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "a"), std::string("0123456789"));
  }

  void aCrashDropsNamesWhoseDirectoryWasNotSynced() {
    storage::MemoryStorage disk;
    QVERIFY(disk.createDirectories("d").has_value());
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*disk.open("d/kept", OpenMode::CreateNew))->sync().has_value());
    QVERIFY(disk.syncDirectory("d").has_value());
    QVERIFY((*disk.open("d/lost", OpenMode::CreateNew))->sync().has_value());
    QVERIFY(disk.rename("d/kept", "d/renamed").has_value());
    disk.crash();
    const auto entries = disk.list("d");
    QCOMPARE(entries->size(), size_t{1});
    QCOMPARE(entries->front().name, std::string("kept"));
    QVERIFY(disk.remove("d/kept").has_value());
    disk.crash();
    QVERIFY(disk.exists("d/kept"));
    QVERIFY(disk.remove("d/kept").has_value());
    QVERIFY(disk.syncDirectory("d").has_value());
    disk.crash();
    QVERIFY(!disk.exists("d/kept"));
  }

  void aTornAppendKeepsTheBytesBeforeTheTear() {
    for (size_t kept = 0; kept <= 8; ++kept) {
      storage::MemoryStorage disk;
      const auto file = disk.open("a", OpenMode::CreateNew);
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY((*file)->append(base::asBytes("first ")).has_value());
      QVERIFY((*file)->append(base::asBytes("last")).has_value());
      disk.crash({kept});
      QCOMPARE(contentOf(disk, "a"), std::string("first last").substr(0, 6 + kept));
    }
  }

  void anAtomicallyReplacedFileIsOldOrNewAfterACrash() {
    storage::MemoryStorage disk;
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("old")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "c"), std::string("old"));
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("new")).has_value());
    disk.crash();
    QCOMPARE(contentOf(disk, "c"), std::string("new"));
  }

  void aCrashLeavingSomeKeepsWhatWasSynced() {
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < 2000; ++seed) {
      storage::MemoryStorage disk;
      const auto file = disk.open("a", OpenMode::CreateNew);
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY((*file)->append(base::asBytes("0123456789abcdef")).has_value());
      QVERIFY((*file)->sync().has_value());
      QVERIFY((*file)->append(base::asBytes("ghijklmnopqrstuvwxyz")).has_value());
      QVERIFY((*file)->append(base::asBytes("ABCDEFGHIJKLMNOPQRST")).has_value());
      disk.crashLeavingSome(seed);
      QVERIFY(!(*file)->sync().has_value());
      const std::string content = contentOf(disk, "a");
      QVERIFY(content.starts_with("0123456789abcdef"));
      contents.insert(content);
    }
    const std::string all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST";
    QVERIFY(contents.contains("0123456789abcdef"));
    QVERIFY(contents.contains(all));
    QVERIFY(contents.contains(all.substr(0, 29)));
    // The second page came too late, the third did not; a size without any data.
    std::string hole = all;
    std::fill(hole.begin() + 16, hole.begin() + 32, '\0');
    QVERIFY(contents.contains(hole));
    QVERIFY(contents.contains("0123456789abcdef" + std::string(40, '\0')));
  }

  void aCrashLeavingSomeMixesOldAndNewPages() {
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < 3000; ++seed) {
      storage::MemoryStorage disk;
      const auto file = disk.open("a", OpenMode::CreateNew);
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY((*file)->append(base::asBytes(std::string(32, 'o'))).has_value());
      QVERIFY((*file)->sync().has_value());
      QVERIFY((*file)->writeAt(0, base::asBytes(std::string(32, 'n'))).has_value());
      QVERIFY((*file)->truncate(20).has_value());
      disk.crashLeavingSome(seed);
      contents.insert(contentOf(disk, "a"));
    }
    const std::string o16(16, 'o');
    const std::string n16(16, 'n');
    for (const std::string& expected : {o16 + o16, n16 + n16, o16 + n16, n16 + o16, n16 + "nnnn", o16 + "nnnn"})
      QVERIFY2(contents.contains(expected), expected.c_str());
  }

  void aCrashLeavingSomeKeepsEachNameOrNot() {
    std::set<std::string> states;
    for (uint64_t seed = 0; seed < 3000; ++seed) {
      storage::MemoryStorage disk;
      for (const char* name : {"gone", "old"}) {
        const auto file = disk.open(name, OpenMode::CreateNew);
        QVERIFY((*file)->append(base::asBytes(name)).has_value());
        QVERIFY((*file)->sync().has_value());
      }
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY(disk.remove("gone").has_value());
      QVERIFY(disk.rename("old", "new").has_value());
      QVERIFY((*disk.open("made", OpenMode::CreateNew))->sync().has_value());
      disk.crashLeavingSome(seed);
      std::string state;
      const auto entries = disk.list("");
      for (const auto& entry : *entries) state += entry.name + " ";
      states.insert(state);
    }
    const std::set<std::string> expected = {"gone old ", "old ",           "gone new ",      "new ",
                                            "made new ", "gone made new ", "gone made old ", "made old "};
    QVERIFY(states == expected);
  }

  void theSameSeedLeavesTheSameDisk() {
    const auto contentAfter = [](uint64_t seed) {
      storage::MemoryStorage disk;
      const auto file = disk.open("a", OpenMode::CreateNew);
      const bool isFine =
          disk.syncDirectory("").has_value() && (*file)->append(base::asBytes(std::string(1000, 'x'))).has_value();
      disk.crashLeavingSome(seed);
      return isFine ? contentOf(disk, "a") : "(failed)";
    };
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < 50; ++seed) {
      QCOMPARE(contentAfter(seed), contentAfter(seed));
      contents.insert(contentAfter(seed));
    }
    QVERIFY(contents.size() > 10);
  }

  void aCopyHasTheSameUnsyncedChanges() {
    storage::MemoryStorage disk;
    const auto file = disk.open("a", OpenMode::CreateNew);
    QVERIFY(disk.syncDirectory("").has_value());
    QVERIFY((*file)->append(base::asBytes("durable")).has_value());
    QVERIFY((*file)->sync().has_value());
    QVERIFY((*file)->append(base::asBytes(" lost")).has_value());
    QVERIFY(disk.rename("a", "b").has_value());
    const auto copy = disk.copy();
    QCOMPARE(contentOf(*copy, "b"), std::string("durable lost"));
    QVERIFY((*file)->append(base::asBytes(" later")).has_value());
    QCOMPARE(contentOf(*copy, "b"), std::string("durable lost"));
    copy->crash();
    QCOMPARE(contentOf(*copy, "a"), std::string("durable"));
    QVERIFY(!copy->exists("b"));
    QCOMPARE(contentOf(disk, "b"), std::string("durable lost later"));
  }

  void aRemovedTreeMayComeBackInParts() {
    std::set<std::string> states;
    for (uint64_t seed = 0; seed < 200; ++seed) {
      storage::MemoryStorage disk;
      QVERIFY(disk.createDirectories("d").has_value());
      QVERIFY((*disk.open("d/a", OpenMode::CreateNew))->sync().has_value());
      QVERIFY((*disk.open("d/b", OpenMode::CreateNew))->sync().has_value());
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY(disk.syncDirectory("d").has_value());
      QVERIFY(disk.removeAll("d").has_value());
      disk.crashLeavingSome(seed);
      const auto entries = disk.list("d");
      std::string state = entries ? "" : "gone";
      if (entries)
        for (const auto& entry : *entries) state += entry.name;
      states.insert(state);
    }
    QVERIFY(states == (std::set<std::string>{"ab", "a", "b", "", "gone"}));
  }

  void bitRotStays() {
    storage::MemoryStorage disk;
    QVERIFY(disk.writeFileAtomically("c", base::asBytes("abc")).has_value());
    disk.flipByte("c", 1, 0x20);
    disk.crash();
    QCOMPARE(contentOf(disk, "c"), std::string("aBc"));
    QCOMPARE(disk.bytesStored(), uint64_t{3});
  }
};

STREAMSCOPE_TEST(MemoryStorageTest);
#include "memory_storage_test.moc"
