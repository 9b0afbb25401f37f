#pragma once

#include <QTimer>
#include <QWidget>

#include "events/headline.h"
#include "lab/command.h"
#include "ui/appearance.h"

class QLabel;
class QPushButton;

namespace streamscope::ui {

/// The line below the transport bar: the state of the cluster in one sentence, with what would help, or for a few
/// seconds a notice.
class Banner : public QWidget {
  Q_OBJECT
 public:
  static constexpr int kNoticeMs = 7000;

  explicit Banner(const Appearance& appearance, QWidget* parent = nullptr);
  void setAppearance(const Appearance& appearance);
  void setHeadline(const HeadlineText& headline);
  void showNotice(const QString& text, bool isRefusal);
  QString text() const;

 signals:
  void commandChosen(const lab::Command& command);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();

  Appearance m_appearance;
  HeadlineText m_headline;
  QString m_notice;
  bool m_noticeIsRefusal = false;
  QString m_picture;
  QLabel* m_text;
  QPushButton* m_remedy;
  QTimer m_noticeTimer;
  Role m_role = Role::TextMuted;
};

}  // namespace streamscope::ui
