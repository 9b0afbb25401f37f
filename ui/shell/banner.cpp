#include "shell/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <cmath>

#include "shell/icons.h"

namespace streamscope::ui {

Banner::Banner(const Appearance& appearance, QWidget* parent)
    : QWidget(parent), m_text(new QLabel(this)), m_remedy(new QPushButton(this)) {
  setObjectName(QStringLiteral("banner"));
  setAccessibleName(tr("State of the cluster"));
  m_text->setObjectName(QStringLiteral("bannerText"));
  m_text->setAccessibleDescription(tr("State of the cluster"));
  m_text->setTextFormat(Qt::PlainText);
  m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_remedy->setObjectName(QStringLiteral("remedy"));
  m_remedy->setAccessibleName(tr("What would help"));
  auto* row = new QHBoxLayout(this);
  row->setSpacing(8);
  row->addWidget(m_text, 1);
  row->addWidget(m_remedy);
  m_noticeTimer.setSingleShot(true);
  connect(&m_noticeTimer, &QTimer::timeout, this, [this] {
    m_notice.clear();
    refresh();
  });
  connect(m_remedy, &QPushButton::clicked, this, [this] {
    if (m_headline.remedy) emit commandChosen(m_headline.remedy->command);
  });
  setAppearance(appearance);
}

void Banner::setAppearance(const Appearance& appearance) {
  m_appearance = appearance;
  const Theme theme(appearance);
  m_text->setFont(theme.font(FontRole::BodyBold));
  m_remedy->setFont(theme.font(FontRole::SmallBold));
  // Room for the picture before the words.
  layout()->setContentsMargins(static_cast<int>(std::lround(38 * theme.textScale())), 3, 12, 3);
  setFixedHeight(static_cast<int>(std::lround(34 * theme.textScale())));
  refresh();
}

void Banner::setHeadline(const HeadlineText& headline) {
  const bool same = headline.text == m_headline.text && headline.severity == m_headline.severity &&
                    headline.remedy.has_value() == m_headline.remedy.has_value();
  m_headline = headline;
  if (!same) refresh();
}

void Banner::showNotice(const QString& text, bool isRefusal) {
  m_notice = text;
  m_noticeIsRefusal = isRefusal;
  m_noticeTimer.start(kNoticeMs);
  refresh();
}

QString Banner::text() const {
  return m_text->text();
}

void Banner::refresh() {
  const Theme theme(m_appearance);
  QString picture = QStringLiteral("info");
  if (!m_notice.isEmpty()) {
    m_role = m_noticeIsRefusal ? Role::Failure : Role::Accent;
    if (m_noticeIsRefusal) picture = QStringLiteral("warning");
  } else {
    switch (m_headline.severity) {
      case HeadlineText::Severity::Calm:
        m_role = Role::TextMuted;
        picture = QStringLiteral("check");
        break;
      case HeadlineText::Severity::Good:
        m_role = Role::Ok;
        picture = QStringLiteral("check");
        break;
      case HeadlineText::Severity::Trouble:
        m_role = Role::Down;
        picture = QStringLiteral("warning");
        break;
    }
  }
  const QString text = m_notice.isEmpty() ? m_headline.text : m_notice;
  m_picture = picture;
  m_text->setText(text);
  m_text->setToolTip(text);
  m_text->setStyleSheet(QStringLiteral("color: %1;").arg(theme(m_role).name()));
  setAccessibleDescription(text);
  const bool hasRemedy = m_notice.isEmpty() && m_headline.remedy.has_value();
  m_remedy->setVisible(hasRemedy);
  if (hasRemedy) {
    m_remedy->setText(m_headline.remedy->text);
    m_remedy->setIcon(icon(m_headline.remedy->icon, theme(Role::Down)));
    m_remedy->setStyleSheet(
        QStringLiteral("QPushButton { border: 1px solid %1; color: %1; border-radius: 6px; padding: "
                       "2px 10px; background: %2; } QPushButton:focus { border: 2px solid %3; }")
            .arg(theme(Role::Down).name(), theme(Role::Panel).name(), theme(Role::Focus).name()));
  }
  update();
}

void Banner::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme theme(m_appearance);
  const bool calm = m_role == Role::TextMuted;
  painter.fillRect(rect(), calm ? theme(Role::Stage) : blend(theme(Role::Stage), theme(m_role), 0.12));
  if (!calm) painter.fillRect(0, 0, static_cast<int>(4 * theme.textScale()), height(), theme(m_role));
  painter.fillRect(0, height() - 1, width(), 1, theme(Role::Border));
  const double size = 15 * theme.textScale();
  painter.drawPixmap(QPointF(14 * theme.textScale(), (height() - size) / 2),
                     iconPixmap(m_picture, theme(m_role), size, painter.deviceTransform().m11()));
}

}  // namespace streamscope::ui
