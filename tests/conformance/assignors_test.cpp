#include <QTest>

#include "assignor_cases.h"
#include "kafka_program.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

/// Kafka's own assignors give every member of many drawn groups the same partitions as this program's.
class AssignorsTest : public QObject {
  Q_OBJECT
 private slots:
  void assignAsKafka_data() {
    QTest::addColumn<QString>("assignor");
    for (const char* assignor : kAssignors) QTest::newRow(assignor) << assignor;
  }
  void assignAsKafka() {
    QFETCH(QString, assignor);
    constexpr int kStepsPerLife = 12;
    const int lives = 40 * std::max(1, qEnvironmentVariableIntValue("STREAMSCOPE_KAFKA_SCALE"));
    base::Random random(20261124);
    std::vector<AssignorCase> cases;
    for (int life = 0; life < lives; ++life)
      for (AssignorCase& each : drawGroupLife(assignor.toStdString(), random, kStepsPerLife))
        cases.push_back(std::move(each));
    QByteArray input;
    for (const AssignorCase& each : cases) input += QByteArray::fromStdString(toText(each));

    const ProcessOutcome kafka = runProcess("java", javaArguments("Assign", {}, "off"), input);
    QVERIFY2(kafka.succeeded(), kafka.errors.constData());
    const QList<QByteArray> answers = kafka.output.trimmed().split('\n');
    QCOMPARE(static_cast<size_t>(answers.size()), cases.size());
    for (size_t index = 0; index < cases.size(); ++index) {
      // Kafka's general sticky algorithm turns in a circle for some groups; ours stops.
      if (answers[static_cast<qsizetype>(index)] == "endless") continue;
      const QByteArray ours = QByteArray::fromStdString(assign(cases[index]));
      const QByteArray& theirs = answers[static_cast<qsizetype>(index)];
      QVERIFY2(ours == theirs,
               ("Case " + QByteArray::number(static_cast<qulonglong>(index)) + ":\n" +
                QByteArray::fromStdString(toText(cases[index])) + "ours:   " + ours + "\nKafka's: " + theirs)
                   .constData());
    }
  }
};

STREAMSCOPE_TEST(AssignorsTest);
#include "assignors_test.moc"
