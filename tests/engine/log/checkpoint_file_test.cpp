#include "checkpoint_file.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;

namespace {

std::string offsetProblem(std::string_view text) {
  const auto parsed = log::parseOffsetCheckpoint(base::asBytes(text));
  if (parsed) return "fine";
  return (parsed.error().isTorn ? "torn " : "damaged ") + std::to_string(parsed.error().atByte);
}

std::string epochProblem(std::string_view text) {
  const auto parsed = log::parseEpochCheckpoint(base::asBytes(text));
  if (parsed) return "fine";
  return (parsed.error().isTorn ? "torn " : "damaged ") + std::to_string(parsed.error().atByte);
}

}  // namespace

class CheckpointFileTest : public QObject {
  Q_OBJECT
 private slots:
  void offsetsRoundTrip() {
    const log::CheckpointedOffsets offsets{{{"orders", 0}, 17}, {{"orders", 10}, 0}, {{"a.b_c-d", 2}, INT64_MAX}};
    const base::Bytes text = log::formatOffsetCheckpoint(offsets);
    QCOMPARE(std::string(base::asText(text)),
             std::string("0\n3\na.b_c-d 2 9223372036854775807\norders 0 17\norders 10 0\n"));
    QVERIFY(log::parseOffsetCheckpoint(text).value() == offsets);
  }

  void anEmptyFileHasNoEntries() {
    QVERIFY(log::parseOffsetCheckpoint({})->empty());
    QVERIFY(log::parseEpochCheckpoint({})->empty());
    QCOMPARE(std::string(base::asText(log::formatOffsetCheckpoint({}))), std::string("0\n0\n"));
  }

  void problemsAreNamedWithTheirPlace() {
    QCOMPARE(offsetProblem("0\n0\n"), std::string("fine"));
    QCOMPARE(offsetProblem("0\r\n1\r\nt 0 1\r\n"), std::string("fine"));
    QCOMPARE(offsetProblem("x\n"), std::string("damaged 0"));
    QCOMPARE(offsetProblem("1\n0\n"), std::string("damaged 0"));
    QCOMPARE(offsetProblem("0\n"), std::string("torn 2"));
    QCOMPARE(offsetProblem("0\n-1\n"), std::string("damaged 2"));
    QCOMPARE(offsetProblem("0\n2\nt 0 1\n"), std::string("torn 10"));
    QCOMPARE(offsetProblem("0\n1\nt 0 1\nt 1 1\n"), std::string("damaged 10"));
    for (const char* entry :
         {"t 0", "t 0 1 2", "t x 1", "t 0 x", "t -1 1", "t 0 -1", "t 0 99999999999999999999", " 0 1", ""})
      QCOMPARE(offsetProblem(std::string("0\n1\n") + entry + "\n"), std::string("damaged 4"));
    QCOMPARE(epochProblem("0\n2\n1 0\n2 5\n"), std::string("fine"));
    QCOMPARE(epochProblem("0\n2\n2 0\n1 5\n"), std::string("damaged 8"));
    QCOMPARE(epochProblem("0\n2\n1 5\n2 4\n"), std::string("damaged 8"));
    QCOMPARE(epochProblem("0\n1\n1\n"), std::string("damaged 4"));
  }

  void everyPrefixIsTornOrDamaged() {
    const std::string whole = "0\n2\norders 0 17\norders 1 18\n";
    for (size_t length = 1; length + 1 < whole.size(); ++length) {
      const std::string prefix = whole.substr(0, length);
      // A shorter number at the end cannot be told from the right one.
      const bool looksWhole = length >= whole.size() - 2;
      QCOMPARE(offsetProblem(prefix) == "fine", looksWhole);
    }
  }

  void theSentenceSaysWhatWhereAndWhatToDo() {
    const auto parsed = log::parseOffsetCheckpoint(base::asBytes("0\n2\nt 0 1\n"));
    QCOMPARE(log::sentence("f", parsed.error(), "delete it"),
             std::string("f ends early at byte 10: there are 1 of 2 entries; delete it."));
  }
};

STREAMSCOPE_TEST(CheckpointFileTest);
#include "checkpoint_file_test.moc"
