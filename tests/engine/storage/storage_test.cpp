#include "storage/storage.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>

#include "storage/faulty_storage.h"
#include "storage/memory_storage.h"
#include "storage/posix_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using storage::OpenMode;

namespace {

/// The three implementations, each on an empty root.
struct Implementations {
  QTemporaryDir directory;
  storage::PosixStorage posix{directory.path().toStdString()};
  storage::MemoryStorage memory;
  storage::MemoryStorage behindFaulty;
  storage::FaultyStorage faulty{behindFaulty};

  std::array<storage::Storage*, 3> all() { return {&posix, &memory, &faulty}; }
};

std::string contentOf(storage::Storage& disk, const std::filesystem::path& path) {
  const auto bytes = disk.readFile(path);
  return bytes ? std::string(base::asText(*bytes)) : "(" + bytes.error().message + ")";
}

}  // namespace

/// What every implementation promises.
class StorageTest : public QObject {
  Q_OBJECT
 private slots:
  void appendsAllPartsInOrder() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      const auto file = disk->open("a", OpenMode::CreateNew);
      QVERIFY(file.has_value());
      QVERIFY((*file)->append(base::asBytes("one ")).has_value());
      std::vector<base::ByteView> parts;
      std::string expected = "one ";
      const std::string words = "abcdefghijklmnopqrstuvwxyz";
      for (size_t i = 0; i < 40; ++i) {
        const std::string_view word = std::string_view(words).substr(i % 20, i % 7);
        parts.push_back(base::asBytes(word));
        expected += word;
      }
      QVERIFY((*file)->append(parts).has_value());
      QCOMPARE((*file)->size(), expected.size());
      QCOMPARE(contentOf(*disk, "a"), expected);
    }
  }

  void readsUpToTheEnd() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      const auto file = disk->open("a", OpenMode::ReadWrite);
      QVERIFY((*file)->append(base::asBytes("0123456789")).has_value());
      std::array<uint8_t, 4> into{};
      QCOMPARE((*file)->readAt(2, into).value(), size_t{4});
      QCOMPARE(std::string(base::asText(into)), std::string("2345"));
      QCOMPARE((*file)->readAt(8, into).value(), size_t{2});
      QCOMPARE((*file)->readAt(100, into).value(), size_t{0});
    }
  }

  void writesInPlaceAndFillsGapsWithZero() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      const auto file = disk->open("a", OpenMode::ReadWrite);
      QVERIFY((*file)->append(base::asBytes("abc")).has_value());
      QVERIFY((*file)->writeAt(1, base::asBytes("X")).has_value());
      QVERIFY((*file)->writeAt(5, base::asBytes("Y")).has_value());
      QCOMPARE(contentOf(*disk, "a"), std::string("aXc\0\0Y", 6));
      QVERIFY((*file)->truncate(2).has_value());
      QVERIFY((*file)->append(base::asBytes("Z")).has_value());
      QVERIFY((*file)->truncate(4).has_value());
      QCOMPARE(contentOf(*disk, "a"), std::string("aXZ\0", 4));
      QVERIFY((*file)->sync().has_value());
    }
  }

  void modesAreKept() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      QCOMPARE(disk->open("a", OpenMode::ReadOnly).error().kind, storage::FaultKind::NotFound);
      QVERIFY(disk->open("a", OpenMode::CreateNew).has_value());
      QCOMPARE(disk->open("a", OpenMode::CreateNew).error().kind, storage::FaultKind::AlreadyExists);
      QVERIFY(!(*disk->open("a", OpenMode::ReadOnly))->append(base::asBytes("x")).has_value());
      QVERIFY(!disk->open("missing/a", OpenMode::ReadWrite).has_value());
    }
  }

  void listsInOrderOfNames() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      QVERIFY(disk->createDirectories("d/z").has_value());
      QVERIFY((*disk->open("d/b", OpenMode::CreateNew))->append(base::asBytes("12345")).has_value());
      QVERIFY(disk->open("d/a", OpenMode::CreateNew).has_value());
      const auto entries = disk->list("d");
      QCOMPARE(entries->size(), size_t{3});
      QCOMPARE((*entries)[0].name, std::string("a"));
      QCOMPARE((*entries)[1].name, std::string("b"));
      QCOMPARE((*entries)[1].size, uint64_t{5});
      QVERIFY(!(*entries)[1].isDirectory);
      QVERIFY((*entries)[2].isDirectory);
      QVERIFY(!disk->list("nowhere").has_value());
    }
  }

  void renamesFilesAndDirectories() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      QVERIFY(disk->createDirectories("t-0").has_value());
      QVERIFY((*disk->open("t-0/x", OpenMode::CreateNew))->append(base::asBytes("old")).has_value());
      QVERIFY((*disk->open("t-0/y", OpenMode::CreateNew))->append(base::asBytes("new")).has_value());
      QVERIFY(disk->rename("t-0/y", "t-0/x").has_value());
      QVERIFY(disk->rename("t-0", "t-0-delete").has_value());
      QCOMPARE(contentOf(*disk, "t-0-delete/x"), std::string("new"));
      QVERIFY(!disk->exists("t-0"));
      QVERIFY(!disk->rename("t-0", "elsewhere").has_value());
      QVERIFY(!disk->remove("t-0-delete").has_value());
      QVERIFY(disk->remove("t-0-delete/x").has_value());
      QVERIFY(!disk->remove("t-0-delete/x").has_value());
      QVERIFY(disk->removeAll("t-0-delete").has_value());
      QVERIFY(disk->removeAll("t-0-delete").has_value());
      QVERIFY(disk->list("")->empty());
    }
  }

  void replacesSmallFilesInOneStep() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      QVERIFY((*disk->open("c.tmp", OpenMode::CreateNew))->append(base::asBytes("left behind, longer")).has_value());
      QVERIFY(disk->writeFileAtomically("c", base::asBytes("1")).has_value());
      QVERIFY(disk->writeFileAtomically("c", base::asBytes("2")).has_value());
      QCOMPARE(contentOf(*disk, "c"), std::string("2"));
      QVERIFY(!disk->exists("c.tmp"));
    }
  }

  void lockingTwiceByTheSameOwnerIsOne() {
    Implementations implementations;
    for (storage::Storage* disk : implementations.all()) {
      QVERIFY(disk->lock(".lock").has_value());
      QVERIFY(disk->lock(".lock").has_value());
      QVERIFY(disk->exists(".lock"));
    }
  }

  void aFaultBecomesKafkasStorageError() {
    const base::Error error = storage::toError({storage::FaultKind::NoSpace, "the disk is full"});
    QCOMPARE(error.code, base::ErrorCode::KAFKA_STORAGE_ERROR);
    QCOMPARE(error.message, std::string("the disk is full"));
  }
};

STREAMSCOPE_TEST(StorageTest);
#include "storage_test.moc"
