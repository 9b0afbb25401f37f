#pragma once

#include <QWidget>
#include <functional>

#include "lab/live_lab.h"
#include "ui/appearance.h"

class QLabel;
class QSlider;

namespace streamscope::ui {

class IconButton;

/// Play, pause, step, speed, the virtual clock, and where real clients connect.
class TransportBar : public QWidget {
  Q_OBJECT
 public:
  explicit TransportBar(const Appearance& appearance, QWidget* parent = nullptr);
  void setAppearance(const Appearance& appearance);
  void setSnapshot(const lab::Snapshot& snapshot);
  void setTransport(bool isPlaying, double speed);
  void changeSpeed(int places);

 signals:
  void playingWanted(bool playing);
  void stepWanted(streamscope::lab::StepKind kind);
  void speedWanted(double speed);
  void themeToggled();
  void motionToggled();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int clockWidth(const QString& text) const;
  IconButton* makeButton(const QString& name, const QString& text, const QKeySequence& shortcut,
                         const std::function<void()>& act);
  void copyBootstrap();

  Appearance m_appearance;
  IconButton* m_play;
  IconButton* m_stepRequest;
  IconButton* m_stepChange;
  QSlider* m_speed;
  QLabel* m_speedLabel;
  QLabel* m_clock;
  QLabel* m_state;
  QLabel* m_lab;
  QLabel* m_bootstrapCaption;
  QLabel* m_bootstrap;
  IconButton* m_copy;
  IconButton* m_motion;
  IconButton* m_theme;
  QString m_servers;
  bool m_isPlaying = true;
};

}  // namespace streamscope::ui
