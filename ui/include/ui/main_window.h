#pragma once

#include <QMainWindow>
#include <memory>

#include "lab/live_lab.h"
#include "ui/appearance.h"

namespace streamscope::ui {

/// The window onto one lab. The lab belongs to the caller and outlives the window. Start it with show().
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(lab::LiveLab& lab, const Appearance& appearance = {}, QWidget* parent = nullptr);
  ~MainWindow() override;

  const Appearance& appearance() const;
  void setAppearance(const Appearance& appearance);

 signals:
  /// The person chose another look; for whoever remembers it.
  void appearanceChanged(const streamscope::ui::Appearance& appearance);
  /// Once, after the first picture of the stage is on the screen.
  void firstFramePainted();

 protected:
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Parts;
  friend class SceneWindow;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace streamscope::ui
