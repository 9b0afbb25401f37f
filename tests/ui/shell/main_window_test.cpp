#include "ui/main_window.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include "shell/banner.h"
#include "shell/theme.h"
#include "stage/stage_widget.h"
#include "support/fake_live_lab.h"
#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;

namespace {

Appearance testAppearance() {
  Appearance appearance;
  appearance.sansFamilies = {"DejaVu Sans"};
  appearance.monoFamilies = {"DejaVu Sans Mono"};
  return appearance;
}

/// A window over a lab made by hand, and what a person does to it.
class Bench {
 public:
  explicit Bench(lab::SnapshotPtr snapshot) : lab(std::move(snapshot)), window(lab, testAppearance()) {
    window.show();
    if (!QTest::qWaitForWindowActive(&window)) qFatal("the window does not become active");
    stage = window.findChild<StageWidget*>();
    banner = window.findChild<Banner*>();
    stage->setFocus();
  }
  void press(Qt::Key key) { QTest::keyClick(stage, key); }
  void clickOn(const Selection& selection) {
    QTest::mouseClick(stage->viewport(), Qt::LeftButton, {}, stage->stageLayout().rectOf(selection).center().toPoint());
  }
  void clickBroker(int id) {
    QTest::mouseClick(stage->viewport(), Qt::LeftButton, {},
                      stage->stageLayout().broker(id)->header.center().toPoint());
  }
  QLabel* label(const char* name) { return window.findChild<QLabel*>(name); }

  support::FakeLiveLab lab;
  MainWindow window;
  StageWidget* stage = nullptr;
  Banner* banner = nullptr;
};

}  // namespace

class MainWindowTest : public QObject {
  Q_OBJECT
 private slots:
  void keysBreakAndMendTheSelectedBroker() {
    Bench bench(support::busyCluster());
    bench.press(Qt::Key_Right);
    bench.press(Qt::Key_Right);
    bench.press(Qt::Key_K);
    QCOMPARE(bench.lab.commands().size(), 1u);
    QCOMPARE(bench.lab.commands().back(), lab::Command(lab::KillBroker{2}));
    bench.press(Qt::Key_P);
    QCOMPARE(bench.lab.commands().back(), lab::Command(lab::PauseBroker{2}));
    bench.press(Qt::Key_D);
    QCOMPARE(bench.lab.commands().back(), lab::Command((lab::SetDiskFull{2, true})));
    bench.press(Qt::Key_3);
    QCOMPARE(bench.lab.commands().back(),
             lab::Command((lab::CutLink{world::brokerAddress(2), world::brokerAddress(3)})));

    bench.lab.show(support::afterLeaderDeath());
    QTRY_VERIFY(bench.banner->text().startsWith("Broker 2 is down"));
    bench.press(Qt::Key_R);
    QCOMPARE(bench.lab.commands().back(), lab::Command(lab::StartBroker{2}));
    const auto before = bench.lab.commands().size();
    bench.press(Qt::Key_K);
    QCOMPARE(bench.lab.commands().size(), before);
  }

  void clicksSelectAndTheInspectorShowsIt() {
    Bench bench(support::busyCluster());
    bench.clickOn(ReplicaSelected{3, {"orders", 1}});
    QCOMPARE(bench.label("inspectedTitle")->text(), QString("orders-1 on broker 3"));
    QVERIFY(bench.stage->accessibleDescription().startsWith("orders-1 on broker 3"));
    bench.clickBroker(1);
    QCOMPARE(bench.label("inspectedTitle")->text(), QString("Broker 1"));
    bench.press(Qt::Key_Escape);
    QCOMPARE(bench.label("inspectedTitle")->text(), QString("first-light"));
  }

  void theContextMenuListsWhatCanBeDone() {
    Bench bench(support::busyCluster());
    bench.clickBroker(1);
    std::unique_ptr<QMenu> menu(bench.stage->makeContextMenu());
    QStringList entries;
    for (auto* action : menu->actions())
      if (!action->isSeparator()) entries << action->text();
    QCOMPARE(entries,
             QStringList({"Kill Broker 1", "Stop Broker 1 gracefully", "Pause Broker 1", "Fill the disk of Broker 1",
                          "Free the disk of Broker 1", "Cut the link to Broker 2", "Cut the link to Broker 3",
                          "Cut the link to Controller 100", "Machine", "Disk", "Answer with an error, 3 times",
                          "More about links", "Cluster"}));
    // Its words are drawn in the theme's colour, not in the system's.
    const QImage picture = menu->grab().toImage();
    const QColor text = Theme(bench.window.appearance())(Role::Text);
    int pixelsOfText = 0;
    for (int y = 0; y < picture.height(); ++y)
      for (int x = 0; x < picture.width(); ++x) pixelsOfText += picture.pixelColor(x, y) == text ? 1 : 0;
    QVERIFY2(pixelsOfText > 50, qPrintable(QString::number(pixelsOfText)));
    menu->actions().at(0)->trigger();
    QCOMPARE(bench.lab.commands().back(), lab::Command(lab::KillBroker{1}));
    bench.press(Qt::Key_Escape);
    QVERIFY(!bench.stage->makeContextMenu());
  }

  void theInspectorsButtonsDoTheSame() {
    Bench bench(support::busyCluster());
    bench.clickBroker(3);
    auto* kill = bench.window.findChild<QAbstractButton*>("kill");
    QVERIFY(kill);
    QCOMPARE(kill->accessibleName(), QString("Kill Broker 3"));
    kill->click();
    QCOMPARE(bench.lab.commands().back(), lab::Command(lab::KillBroker{3}));
  }

  void theBannerOffersTheRemedy() {
    Bench bench(support::afterLeaderDeath());
    bench.lab.tell(support::deathOf(2, *support::afterLeaderDeath()));
    QTRY_COMPARE(bench.banner->text(), QString("Broker 2 is down: orders-1 led by broker 3 (epoch 7)"));
    bench.window.findChild<QAbstractButton*>("remedy")->click();
    QCOMPARE(bench.lab.commands().back(), lab::Command(lab::StartBroker{2}));
  }

  void aRefusalIsShownInItsOwnWords() {
    Bench bench(support::busyCluster());
    bench.lab.refuseNext("Broker 1 is already stopping.");
    bench.clickBroker(1);
    bench.press(Qt::Key_K);
    QTRY_COMPARE(bench.banner->text(), QString("Broker 1 is already stopping."));
  }

  void noticesAreShown() {
    Bench bench(support::busyCluster());
    bench.lab.notify("Port 9092 is in use; broker 1 listens on 9095.");
    QTRY_COMPARE(bench.banner->text(), QString("Port 9092 is in use; broker 1 listens on 9095."));
  }

  void timeIsDrivenByKeys() {
    Bench bench(support::busyCluster());
    QVERIFY(bench.lab.isPlaying());
    bench.press(Qt::Key_Space);
    QVERIFY(!bench.lab.isPlaying());
    QCOMPARE(bench.label("transportState")->text(), QString("paused"));
    bench.press(Qt::Key_Space);
    QVERIFY(bench.lab.isPlaying());
    // A button that has the focus keeps its Space.
    bench.clickBroker(2);
    auto* kill = bench.window.findChild<QAbstractButton*>("kill");
    kill->setFocus();
    QTest::keyClick(kill, Qt::Key_Space);
    QVERIFY(bench.lab.isPlaying());
    QCOMPARE(bench.lab.commands().size(), 1u);
    bench.stage->setFocus();
    bench.press(Qt::Key_Period);
    bench.press(Qt::Key_Comma);
    QCOMPARE(bench.lab.steps(), (std::vector{lab::StepKind::NextRequest, lab::StepKind::NextChange}));
    bench.press(Qt::Key_Plus);
    QCOMPARE(bench.lab.speed(), 2.0);
    bench.press(Qt::Key_Minus);
    bench.press(Qt::Key_Minus);
    QCOMPARE(bench.lab.speed(), 0.5);
    QCOMPARE(bench.label("clock")->text(), QString("00:01:23.456"));
  }

  void theBootstrapAddressCanBeCopied() {
    Bench bench(support::busyCluster());
    for (auto* button : bench.window.findChildren<QToolButton*>())
      if (button->accessibleName().startsWith("Copy")) button->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QString("localhost:9092,localhost:9093,localhost:9094"));
  }

  void everythingHasAnAccessibleName() {
    Bench bench(support::afterLeaderDeath());
    bench.lab.tell(support::deathOf(2, *support::afterLeaderDeath()));
    bench.clickBroker(1);
    QTest::qWait(50);
    QStringList nameless;
    for (auto* widget : bench.window.findChildren<QWidget*>()) {
      // What Qt makes inside its own widgets speaks for its owner.
      const bool qtsOwn = widget->objectName().startsWith("qt_") || widget->inherits("QScrollBar") ||
                          widget->inherits("QHeaderView") || widget->inherits("QTableCornerButton") ||
                          widget->inherits("QTabBar") || widget->inherits("QComboBoxPrivateContainer") ||
                          widget->inherits("QComboBoxListView") || widget->inherits("QMenu") ||
                          (widget->parentWidget() && qobject_cast<QAbstractItemView*>(widget->parentWidget())) ||
                          (widget->parentWidget() && widget->parentWidget()->inherits("QComboBoxPrivateContainer"));
      // A label is named by its words; it says what they are about.
      const bool spoken = qobject_cast<QLabel*>(widget) ? !widget->accessibleDescription().isEmpty()
                                                        : !widget->accessibleName().isEmpty();
      if (!qtsOwn && !spoken)
        nameless << QString::fromLatin1(widget->metaObject()->className()) + " " + widget->objectName();
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(", ")));
  }

  void theStageIsAListForScreenReaders() {
    Bench bench(support::busyCluster());
    auto* list = QAccessible::queryAccessibleInterface(bench.stage);
    QVERIFY(list);
    QCOMPARE(list->role(), QAccessible::List);
    // A controller, three brokers with three replicas each, two producers, two consumers, one real client.
    QCOMPARE(list->childCount(), 1 + 3 + 9 + 2 + 2 + 1);
    bench.clickOn(ReplicaSelected{3, {"orders", 1}});
    auto* item = list->focusChild();
    QVERIFY(item);
    QCOMPARE(item->text(QAccessible::Name), QString("orders-1 on broker 3"));
    QCOMPARE(item->text(QAccessible::Description), QString("in sync"));
    QVERIFY(item->state().selected);
    QCOMPARE(list->child(list->indexOfChild(item)), item);
    QCOMPARE(list->childAt(item->rect().center().x(), item->rect().center().y()), item);
  }

  void theFirstPictureDoesNotWaitForTheDocks() {
    QElapsedTimer clock;
    clock.start();
    support::FakeLiveLab lab(support::busyCluster());
    MainWindow window(lab, testAppearance());
    QSignalSpy painted(&window, &MainWindow::firstFramePainted);
    window.show();
    QVERIFY(painted.wait(5'000));
    QCOMPARE(painted.count(), 1);
    qInfo("first frame after %lld ms", static_cast<long long>(clock.elapsed()));
  }

  void theThemeIsSwitchedByKey() {
    Bench bench(support::busyCluster());
    QSignalSpy changed(&bench.window, &MainWindow::appearanceChanged);
    QTest::keyClick(bench.stage, Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(bench.window.appearance().theme, ThemeName::Light);
  }
};

STREAMSCOPE_TEST(MainWindowTest);
#include "main_window_test.moc"
