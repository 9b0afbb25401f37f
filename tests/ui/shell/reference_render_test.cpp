#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QTest>
#include <cstdlib>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"
#include "ui/scene_renderer.h"

using namespace streamscope;
using namespace streamscope::ui;

namespace {

/// Differences that a person would not see: antialiasing of another FreeType, rounding.
constexpr int kChannelTolerance = 40;
constexpr double kPixelShareMax = 0.004;

Scene sceneOf(const QString& name) {
  Scene scene;
  if (name == "idle") {
    scene.snapshot = support::idleCluster();
    return scene;
  }
  if (name == "traffic") {
    scene.snapshot = support::busyCluster();
    scene.history = support::growingHistory(*scene.snapshot, 20, 17);
    scene.trace = support::trafficBefore(*scene.snapshot);
  } else if (name == "death") {
    scene.snapshot = support::afterLeaderDeath();
    scene.history = support::growingHistory(*scene.snapshot, 20, 17);
    scene.trace = support::deathOf(2, *scene.snapshot);
    scene.selected = SelectedReplica{3, {"orders", 1}};
    const auto traffic = support::trafficBefore(*scene.snapshot);
    scene.trace.insert(scene.trace.end(), traffic.begin(), traffic.end());
  } else if (name == "recovery") {
    scene.snapshot = support::afterRecovery();
    scene.history = support::growingHistory(*scene.snapshot, 20, 17);
    scene.trace = support::returnOf(2, *scene.snapshot);
    const auto traffic = support::trafficBefore(*scene.snapshot);
    scene.trace.insert(scene.trace.end(), traffic.begin(), traffic.end());
  } else if (name == "paused") {
    auto builder = support::SceneBuilder(3);
    builder.topic("orders", 3, 3).producer("checkout", "orders", -1, 50).consumer("reader", "", "orders", {0, 1, 2});
    for (int p = 0; p < 3; ++p) builder.offsets("orders", p, 120 + p * 13, 2);
    builder.cut(1, 2);
    builder
        .inFlight(world::clientAddress(1), world::brokerAddress(3), protocol::ApiKey::Produce, false, 0.6, "orders", 2)
        .inFlight(world::brokerAddress(3), world::brokerAddress(2), protocol::ApiKey::Fetch, true, 0.4, "orders", 2)
        .inFlight(world::brokerAddress(1), world::controllerAddress(100), protocol::ApiKey::BrokerHeartbeat, false,
                  0.5);
    scene.snapshot = builder.build();
    scene.isPaused = true;
  } else if (name == "twelve-lanes") {
    scene.snapshot = support::largeCluster(3, 12);
    scene.history = support::growingHistory(*scene.snapshot, 20, 17);
    scene.trace = support::trafficBefore(*scene.snapshot);
  } else {
    scene.snapshot = support::largeCluster(12, 12);
    scene.trace = support::trafficBefore(*scene.snapshot);
  }
  return scene;
}

/// The share of pixels that differ visibly; `diff` shows them in red.
double differingShare(const QImage& a, const QImage& b, QImage& diff) {
  diff = a.convertToFormat(QImage::Format_RGB32);
  qint64 differing = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
      const int worst =
          std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))});
      if (worst <= kChannelTolerance) continue;
      ++differing;
      diff.setPixel(x, y, qRgb(255, 0, 0));
    }
  return static_cast<double>(differing) / static_cast<double>(a.width()) / a.height();
}

}  // namespace

/// Whole windows compared with pictures that a person has looked at. STREAMSCOPE_UPDATE_REFERENCES=1 rewrites those.
class ReferenceRenderTest : public QObject {
  Q_OBJECT
 private slots:
  void sceneLooksAsBefore_data() {
    QTest::addColumn<QString>("scene");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<int>("scale");
    for (const char* scene : {"idle", "traffic", "death", "recovery"})
      for (const bool dark : {true, false})
        for (const int scale : {1, 2})
          QTest::addRow("%s-%s-%d", scene, dark ? "dark" : "light", scale * 100) << scene << dark << scale;
    for (const char* scene : {"paused", "twelve-lanes", "twelve-brokers"})
      QTest::addRow("%s-dark-100", scene) << scene << true << 1;
  }
  void sceneLooksAsBefore() {
    QFETCH(QString, scene);
    QFETCH(bool, dark);
    QFETCH(int, scale);
    Appearance appearance;
    appearance.theme = dark ? ThemeName::Dark : ThemeName::Light;
    appearance.sansFamilies = {"DejaVu Sans"};
    appearance.monoFamilies = {"DejaVu Sans Mono"};
    const QImage actual =
        renderScene(sceneOf(scene), {1440, 900}, scale, appearance).convertToFormat(QImage::Format_RGB32);
    QCOMPARE(actual.size(), QSize(1440, 900) * scale);

    const QString file = QString::fromLatin1(QTest::currentDataTag()) + ".png";
    const QString reference = QStringLiteral(STREAMSCOPE_REFERENCES "/") + file;
    if (qEnvironmentVariableIsSet("STREAMSCOPE_UPDATE_REFERENCES")) {
      QVERIFY(actual.save(reference));
      return;
    }
    QImage expected(reference);
    QVERIFY2(!expected.isNull(), qPrintable(reference + " is missing; STREAMSCOPE_UPDATE_REFERENCES=1 writes it"));
    expected = expected.convertToFormat(QImage::Format_RGB32);
    QCOMPARE(actual.size(), expected.size());
    QImage diff;
    const double share = differingShare(actual, expected, diff);
    if (share <= kPixelShareMax) return;
    const QString output = QStringLiteral(STREAMSCOPE_RENDER_OUTPUT);
    QDir().mkpath(output);
    actual.save(output + "/" + file);
    diff.save(output + "/diff-" + file);
    QFAIL(qPrintable(QStringLiteral("%1 % of the pixels differ; see %2/%3 and diff-%3")
                         .arg(share * 100, 0, 'f', 2)
                         .arg(output, file)));
  }
};

STREAMSCOPE_TEST(ReferenceRenderTest);
#include "reference_render_test.moc"
