#include "ui/scene_renderer.h"

#include <QCoreApplication>
#include <QPainter>

#include "lab/live_lab.h"
#include "shell/window_parts.h"

namespace streamscope::ui {
namespace {

/// A lab that stands still at one moment.
class StillLab final : public lab::LiveLab {
 public:
  explicit StillLab(const Scene& scene) : m_scene(scene) {}
  void execute(lab::Command, std::function<void(base::Status)> onOutcome) override { onOutcome({}); }
  lab::SnapshotPtr snapshot() const override { return m_scene.snapshot; }
  TraceBatch takeTrace() override { return {}; }
  void play() override {}
  void pause() override {}
  bool isPlaying() const override { return !m_scene.isPaused; }
  void step(lab::StepKind) override {}
  void setSpeed(double) override {}
  double speed() const override { return m_scene.speed; }
  std::vector<std::string> takeNotices() override { return {}; }

 private:
  const Scene& m_scene;
};

}  // namespace

/// Opens a main window's parts to the renderer.
class SceneWindow {
 public:
  static QImage render(const Scene& scene, QSize size, double scale, const Appearance& appearance) {
    StillLab lab(scene);
    MainWindow window(lab, appearance);
    auto& parts = *window.m_parts;
    window.setAttribute(Qt::WA_DontShowOnScreen);
    window.resize(size);
    // The window has looked at the last moment already; the charts want the earlier ones first.
    parts.history = {};
    for (const auto& earlier : scene.history) parts.history.add(*earlier);
    parts.history.add(*scene.snapshot);
    // The wall clock stands at an hour: every event of the trace happened before it.
    parts.stage->freeze(3.6e6, scale);
    parts.legend->freeze(scale);
    // Time ran up to this moment, also when it is to stand still now.
    parts.stage->setTransport(true, scene.speed);
    if (scene.selected) parts.selection.select(ReplicaSelected{scene.selected->broker, scene.selected->partition});
    window.show();
    parts.showSnapshot();
    parts.showTrace(scene.trace, 0);
    parts.stage->setTransport(!scene.isPaused, scene.speed);
    // Standing still, only what is on its way now is on its way: let the rest arrive.
    if (scene.isPaused) parts.stage->freeze(3.6e6 + 1e4, scale);
    parts.stage->setSnapshot(scene.snapshot, parts.history.partitionRates());
    parts.inspector->setSnapshot(scene.snapshot);
    QCoreApplication::sendPostedEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    parts.charts->freeze(scale);
    QCoreApplication::sendPostedEvents();

    QImage image((QSizeF(size) * scale).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(Theme(appearance)(Role::Window));
    QPainter painter(&image);
    window.render(&painter, {}, {}, QWidget::DrawWindowBackground | QWidget::DrawChildren);
    return image;
  }
};

QImage renderScene(const Scene& scene, QSize size, double scale, const Appearance& appearance) {
  return SceneWindow::render(scene, size, scale, appearance);
}

}  // namespace streamscope::ui
