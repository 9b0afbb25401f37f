#include "storage/crashable_storage.h"

#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <set>

#include "base/random.h"
#include "storage/memory_storage.h"
#include "storage/posix_storage.h"
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

  void namesAreThereUpToSomeMoment() {
    std::set<std::string> states;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
      storage::MemoryStorage inner;
      CrashableStorage disk(inner);
      append(disk, "checkpoint", "old");
      append(disk, "gone", "gone");
      sync(disk, "checkpoint");
      sync(disk, "gone");
      QVERIFY(disk.syncDirectory("").has_value());
      QVERIFY(disk.remove("gone").has_value());
      append(disk, "new", "new");
      sync(disk, "new");
      QVERIFY(disk.rename("new", "checkpoint").has_value());
      QVERIFY(disk.losePower(seed).has_value());
      std::string state;
      for (const auto& [name, content] : treeOf(disk)) state += name + "=" + content + " ";
      states.insert(state);
    }
    QVERIFY(states == (std::set<std::string>{"checkpoint=old gone=gone ", "checkpoint=old ", "checkpoint=old new=new ",
                                             "checkpoint=new "}));
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
