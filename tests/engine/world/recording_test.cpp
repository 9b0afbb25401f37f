#include "world/recording.h"

#include <QTest>

#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::world;

namespace {

const std::vector<RecordingEntry> kEntries = {
    {base::VirtualTime(base::Duration(10)), 3, RecordedCommand{"{\"kill\":1}"}},
    {base::VirtualTime(base::Duration(20)), 5, RecordedOpen{externalAddress(7), brokerAddress(2), "127.0.0.1:5000"}},
    {base::VirtualTime(base::Duration(20)), 6,
     RecordedFrame{externalAddress(7), base::SharedBytes(base::Bytes{0, 3, 255, 10})}},
    {base::VirtualTime(base::Duration(30)), 9, RecordedFrame{externalAddress(7), base::SharedBytes()}},
    {base::VirtualTime(base::Duration(40)), 9, RecordedClose{externalAddress(7), "the client closed"}},
    {base::VirtualTime(base::Duration(50)), 12, RecordedEnd{""}},
};

/// What a reader makes of a file: entries, then how it ended.
struct Outcome {
  std::string header;
  std::vector<RecordingEntry> entries;
  std::string note;
  std::string refusal;
};

class Disk {
 public:
  base::Bytes write() {
    auto file = m_storage.open("run", storage::OpenMode::CreateNew);
    auto writer = RecordingWriter::start(std::move(*file), "{\"seed\":1}");
    for (const RecordingEntry& entry : kEntries)
      if (!writer->append(entry)) return {};
    return *m_storage.readFile("run");
  }

  Outcome read(base::ByteView bytes) {
    (void)m_storage.remove("copy");
    auto file = m_storage.open("copy", storage::OpenMode::CreateNew);
    (void)(*file)->append(bytes);
    Outcome outcome;
    auto reader = RecordingReader::open(std::move(*file), "copy.rec");
    if (!reader) {
      outcome.refusal = reader.error().message;
      return outcome;
    }
    outcome.header = reader->headerJson();
    for (;;) {
      auto entry = reader->next();
      if (!entry) outcome.refusal = entry.error().message;
      if (!entry || !*entry) break;
      outcome.entries.push_back(**entry);
    }
    outcome.note = reader->note();
    return outcome;
  }

 private:
  storage::MemoryStorage m_storage;
};

bool isBeginning(const std::vector<RecordingEntry>& part, const std::vector<RecordingEntry>& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

}  // namespace

class RecordingTest : public QObject {
  Q_OBJECT
 private slots:
  void roundTrip() {
    Disk disk;
    const Outcome outcome = disk.read(disk.write());
    QCOMPARE(outcome.header, std::string("{\"seed\":1}"));
    QVERIFY(outcome.entries == kEntries);
    QCOMPARE(outcome.note, std::string());
    QCOMPARE(outcome.refusal, std::string());
  }

  void aTornTailIsLeftOutWithANote() {
    Disk disk;
    const base::Bytes whole = disk.write();
    const size_t headerEnd = 22 + 4 + 12 + 10;
    size_t withNote = 0, complete = 0;
    for (size_t length = headerEnd; length < whole.size(); ++length) {
      const Outcome outcome = disk.read(base::ByteView(whole).first(length));
      QCOMPARE(outcome.refusal, std::string());
      QVERIFY(isBeginning(outcome.entries, kEntries));
      QVERIFY(outcome.entries.size() < kEntries.size());
      ++(outcome.note.empty() ? complete : withNote);
      if (!outcome.note.empty()) QVERIFY(outcome.note.find("copy.rec") == 0);
    }
    // Cut between two entries there is nothing torn.
    QCOMPARE(complete, kEntries.size());
    QVERIFY(withNote > 100);
  }

  void aFileThatEndsBeforeItsHeaderIsRefused() {
    Disk disk;
    const base::Bytes whole = disk.write();
    for (size_t length = 0; length < 22 + 4 + 12 + 10; ++length) {
      const Outcome outcome = disk.read(base::ByteView(whole).first(length));
      QVERIFY(outcome.refusal.find("copy.rec at byte") == 0);
    }
  }

  void everyFlippedByteIsNoticed() {
    Disk disk;
    const base::Bytes whole = disk.write();
    for (size_t position = 0; position < whole.size(); ++position) {
      base::Bytes damaged = whole;
      damaged[position] ^= 0x40;
      const Outcome outcome = disk.read(damaged);
      QVERIFY2(outcome.refusal.find("copy.rec at byte ") == 0, std::to_string(position).c_str());
      QVERIFY(isBeginning(outcome.entries, kEntries));
    }
  }

  void sentencesSayWhatToDo() {
    Disk disk;
    base::Bytes bytes = disk.write();
    bytes[25] = 2;
    QCOMPARE(disk.read(bytes).refusal,
             std::string("copy.rec at byte 22: the recording has version 2 and this program reads up to 1; use a newer "
                         "Streamscope."));
    QCOMPARE(disk.read(base::asBytes("{\"name\": \"a lab file, which is something else\"}")).refusal,
             std::string("copy.rec at byte 0: this is no recording of Streamscope; choose a file that `--record` "
                         "wrote."));
  }
};

STREAMSCOPE_TEST(RecordingTest);
#include "recording_test.moc"
