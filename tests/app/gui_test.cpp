#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "running_program.h"
#include "support/test_registry.h"

using namespace streamscope::app;

class GuiTest : public QObject {
  Q_OBJECT
 private slots:
  void theWindowEndsCleanlyWhenAskedAndLeavesNothingBehind() {
    QTemporaryDir temporary;
    qputenv("TMPDIR", temporary.path().toUtf8());
    RunningProgram window("gui", {"--port", "0", "--announce-first-frame"});
    qunsetenv("TMPDIR");
    QCOMPARE(window.firstLine(), QString("first frame painted"));
    window.signal(SIGTERM);
    QCOMPARE(window.end(), 0);
    QVERIFY2(!window.errors().contains("QWidget::"), qPrintable(window.errors()));
    const QStringList left = QDir(temporary.path()).entryList({"streamscope-*"});
    QVERIFY2(left.isEmpty(), qPrintable(left.join(' ')));
  }
};

STREAMSCOPE_TEST(GuiTest);
#include "gui_test.moc"
