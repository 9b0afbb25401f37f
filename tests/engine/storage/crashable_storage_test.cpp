#include "storage/crashable_storage.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "storage/memory_storage.h"
#include "storage/posix_storage.h"
#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;
using storage::CrashableStorage;
using storage::OpenMode;
using storage::Storage;

namespace {

using Tree = std::map<std::string, std::string>;

void addTree(Storage& disk, const std::filesystem::path& directory, Tree& tree) {
  const auto entries = disk.list(directory);
  for (const auto& entry : *entries) {
    const std::filesystem::path path = directory / entry.name;
    if (entry.isDirectory) {
      tree[path.generic_string() + "/"] = "";
      addTree(disk, path, tree);
    } else {
      tree[path.generic_string()] = base::asText(*disk.readFile(path));
    }
  }
}

std::string contentOf(Storage& disk, const std::filesystem::path& path) {
  const auto bytes = disk.readFile(path);
  return bytes ? std::string(base::asText(*bytes)) : "(none)";
}

Tree treeOf(Storage& disk) {
  Tree tree;
  addTree(disk, "", tree);
  return tree;
}

void append(Storage& disk, const char* path, std::string_view text) {
  const auto file = disk.open(path, OpenMode::ReadWrite);
  QVERIFY((*file)->append(base::asBytes(text)).has_value());
}
void sync(Storage& disk, const char* path) {
  QVERIFY((*disk.open(path, OpenMode::ReadWrite))->sync().has_value());
}

/// Calls of every kind in an order the seed chooses.
void doAnything(CrashableStorage& disk, uint64_t seed) {
  base::Random random(seed);
  const auto path = [&] {
    return std::string(random.chance(1, 2) ? "d/" : "e/") + static_cast<char>('a' + random.below(3));
  };
  (void)disk.createDirectories("d");
  (void)disk.createDirectories("e/f");
  for (int i = 0; i < 60; ++i) {
    const std::string one = path(), other = path();
    const std::string text(random.below(9000), static_cast<char>('A' + random.below(26)));
    switch (random.below(9)) {
      case 0:
      case 1:
        if (auto file = disk.open(one, OpenMode::ReadWrite)) (void)(*file)->append(base::asBytes(text));
        break;
      case 2:
        if (auto file = disk.open(one, OpenMode::ReadWrite))
          (void)(*file)->writeAt(random.below(5000), base::asBytes(text));
        break;
      case 3:
        if (auto file = disk.open(one, OpenMode::ReadWrite)) (void)(*file)->truncate(random.below(9000));
        break;
      case 4:
        if (disk.exists(one)) (void)disk.rename(one, other);
        break;
      case 5:
        if (disk.exists(one)) (void)disk.remove(one);
        break;
      case 6:
        (void)disk.syncDirectory(random.chance(1, 2) ? "d" : "e");
        break;
      case 7:
        if (random.chance(1, 4)) {
          (void)disk.removeAll("d");
          (void)disk.createDirectories("d");
        } else if (random.chance(1, 4)) {
          (void)disk.removeAll("d");
          (void)disk.rename("e", "d");
          (void)disk.createDirectories("e");
        }
        break;
      default:
        if (disk.exists(one))
          if (auto file = disk.open(one, OpenMode::ReadWrite)) (void)(*file)->sync();
        break;
    }
  }
}

}  // namespace

class CrashableStorageTest : public QObject {
  Q_OBJECT
 private slots:
  void aCrashDropsWhatWasNotSynced() {
    test::CrashableMemory disk;
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
    test::CrashableMemory disk;
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
    test::CrashableMemory disk;
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
      test::CrashableMemory disk;
      const auto file = disk.open("a", OpenMode::CreateNew);
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY((*file)->append(base::asBytes("first ")).has_value());
      QVERIFY((*file)->append(base::asBytes("last")).has_value());
      disk.crash({kept});
      QCOMPARE(contentOf(disk, "a"), std::string("first last").substr(0, 6 + kept));
    }
  }

  void anAtomicallyReplacedFileIsOldOrNewAfterACrash() {
    test::CrashableMemory disk;
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
      test::CrashableMemory disk;
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
      test::CrashableMemory disk;
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
      test::CrashableMemory disk;
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
      test::CrashableMemory disk;
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
    test::CrashableMemory disk;
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
      test::CrashableMemory disk;
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

  void whatWasSyncedIsThere() {
    for (uint64_t seed = 0; seed < 200; ++seed) {
      storage::MemoryStorage inner;
      CrashableStorage disk(inner);
      QVERIFY(disk.createDirectories("d").has_value());
      append(disk, "d/a", "synced");
      sync(disk, "d/a");
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY(disk.syncDirectory("d").has_value());
      QVERIFY(disk.losePower(seed).value() == CrashableStorage::Loss{});
      QVERIFY(treeOf(disk) == (Tree{{"d/", ""}, {"d/a", "synced"}}));
    }
  }

  void anUnsyncedAppendStaysToAnyByte() {
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < 3000; ++seed) {
      storage::MemoryStorage inner;
      CrashableStorage disk(inner);
      append(disk, "a", "0123456789");
      sync(disk, "a");
      QVERIFY(disk.syncDirectory("").has_value());
      append(disk, "a", "abcdef");
      const auto loss = disk.losePower(seed);
      const std::string content = treeOf(disk).at("a");
      QVERIFY(content.starts_with("0123456789"));
      QCOMPARE(loss->bytes, 16 - content.size());
      contents.insert(content);
    }
    for (size_t size = 10; size <= 16; ++size)
      QVERIFY(contents.contains(std::string("0123456789abcdef").substr(0, size)));
  }

  void changesInPlaceComeBack() {
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < 500; ++seed) {
      storage::MemoryStorage inner;
      CrashableStorage disk(inner);
      append(disk, "a", std::string(5000, 'o'));
      sync(disk, "a");
      QVERIFY(disk.syncDirectory("").has_value());
      const auto file = disk.open("a", OpenMode::ReadWrite);
      QVERIFY((*file)->writeAt(4990, base::asBytes("new")).has_value());
      QVERIFY((*file)->truncate(4992).has_value());
      QVERIFY(disk.losePower(seed).has_value());
      const std::string content = treeOf(disk).at("a");
      QCOMPARE(content.substr(0, 4990), std::string(4990, 'o'));
      contents.insert(content.substr(4990));
    }
    for (const char* rest : {"oooooooooo", "newooooooo", "ne"}) QVERIFY2(contents.contains(rest), rest);
  }

  void filesUnderARenamedDirectoryKeepTheirChanges() {
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < 200; ++seed) {
      storage::MemoryStorage inner;
      CrashableStorage disk(inner);
      QVERIFY(disk.createDirectories("d").has_value());
      QVERIFY(disk.createDirectories("d2").has_value());
      append(disk, "d/a", "1");
      append(disk, "d2/a", "1");
      sync(disk, "d/a");
      sync(disk, "d2/a");
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY(disk.syncDirectory("d").has_value());
      QVERIFY(disk.syncDirectory("d2").has_value());
      append(disk, "d/a", "2");
      QVERIFY(disk.rename("d", "moved").has_value());
      QVERIFY(disk.losePower(seed).has_value());
      QVERIFY(disk.exists("moved/a") != disk.exists("d/a"));
      QCOMPARE(treeOf(disk).at("d2/a"), std::string("1"));
      contents.insert(treeOf(disk).at(disk.exists("d/a") ? "d/a" : "moved/a"));
    }
    QVERIFY(contents.contains("1") && contents.contains("12"));
  }

  void aLargeFileIsRemovedAtOnce() {
    for (uint64_t seed = 0; seed < 50; ++seed) {
      storage::MemoryStorage inner;
      CrashableStorage disk(inner);
      append(disk, "large", std::string(CrashableStorage::kRemovedBytesMax + 1, 'x'));
      QVERIFY(disk.remove("large").has_value());
      QCOMPARE(disk.losePower(seed)->names, 0);
      QVERIFY(!disk.exists("large"));
    }
  }

  /// What a recording made on real files needs when it is replayed in memory.
  void realFilesAndMemoryAreLeftTheSame() {
    int lost = 0;
    for (uint64_t seed = 0; seed < 15; ++seed) {
      QTemporaryDir directory;
      storage::PosixStorage files(directory.path().toStdString(), storage::Durability::Process);
      storage::MemoryStorage memory;
      CrashableStorage onFiles(files), inMemory(memory);
      for (uint64_t round = 0; round < 3; ++round) {
        doAnything(onFiles, 3 * seed + round);
        doAnything(inMemory, 3 * seed + round);
        QVERIFY(treeOf(files) == treeOf(memory));
        const auto lossOfFiles = onFiles.losePower(seed), lossOfMemory = inMemory.losePower(seed);
        QVERIFY2(lossOfFiles.has_value(), lossOfFiles ? "" : lossOfFiles.error().message.c_str());
        QVERIFY(lossOfFiles.value() == lossOfMemory.value());
        QVERIFY(treeOf(files) == treeOf(memory));
        lost += lossOfFiles->files;
      }
    }
    QVERIFY(lost > 25);
  }
};

STREAMSCOPE_TEST(CrashableStorageTest);
#include "crashable_storage_test.moc"
