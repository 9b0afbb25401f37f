#include "shell/theme.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope::ui;

class ThemeTest : public QObject {
  Q_OBJECT
 private slots:
  void wordsAreReadableOnEveryGround_data() {
    QTest::addColumn<int>("name");
    QTest::newRow("dark") << static_cast<int>(ThemeName::Dark);
    QTest::newRow("light") << static_cast<int>(ThemeName::Light);
  }
  void wordsAreReadableOnEveryGround() {
    QFETCH(int, name);
    Appearance appearance;
    appearance.theme = static_cast<ThemeName>(name);
    const Theme theme(appearance);
    for (const auto ground : {Role::Window, Role::Stage, Role::Panel, Role::PanelRaised, Role::DownPanel})
      for (const auto text : {Role::Text, Role::TextMuted, Role::Down, Role::Ok, Role::Failure, Role::InSync,
                              Role::OutOfSync, Role::HighWatermark, Role::GroupPosition, Role::Controller}) {
        const double ratio = contrastRatio(theme(text), theme(ground));
        QVERIFY2(
            ratio >= 4.5,
            qPrintable(QStringLiteral("%1 on %2: %3").arg(Theme::roleName(text), Theme::roleName(ground)).arg(ratio)));
      }
    // Marks need less.
    for (const auto mark : {Role::LogEndOffset, Role::SegmentStart, Role::Produce, Role::ReplicaFetch,
                            Role::ConsumerFetch, Role::ControlPlane, Role::Accent, Role::Focus})
      QVERIFY2(contrastRatio(theme(mark), theme(Role::Stage)) >= 3, Theme::roleName(mark));
  }

  void blendingIsOpaqueAndKeepsItsEnds() {
    QCOMPARE(blend(Qt::black, Qt::white, 0), QColor(Qt::black));
    QCOMPARE(blend(Qt::black, Qt::white, 1), QColor(Qt::white));
    QCOMPARE(blend(Qt::black, Qt::white, 0.5).alpha(), 255);
  }
};

STREAMSCOPE_TEST(ThemeTest);
#include "theme_test.moc"
