#include "shell/transport_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QShortcut>
#include <QSlider>
#include <QTimer>
#include <cmath>

#include "shell/icon_button.h"
#include "shell/number_format.h"
#include "shell/speed_scale.h"
#include "shell/theme.h"

namespace streamscope::ui {
namespace {

/// More would push the buttons out; copying takes all.
constexpr qsizetype kServersShownMax = 3;

}  // namespace

TransportBar::TransportBar(const Appearance& appearance, QWidget* parent)
    : QWidget(parent),
      m_speed(new QSlider(Qt::Horizontal, this)),
      m_speedLabel(new QLabel(this)),
      m_clock(new QLabel(QStringLiteral("00:00:00.000"), this)),
      m_state(new QLabel(this)),
      m_lab(new QLabel(this)),
      m_bootstrapCaption(new QLabel(tr("Clients"), this)),
      m_bootstrap(new QLabel(this)) {
  setObjectName(QStringLiteral("transportBar"));
  setAccessibleName(tr("Transport"));
  m_play = makeButton(QStringLiteral("play"), tr("Play or pause (Space)"), QKeySequence(),
                      [this] { emit playingWanted(!m_isPlaying); });
  m_stepRequest = makeButton(QStringLiteral("stepRequest"), tr("Step to the next request (.)"),
                             QKeySequence(Qt::Key_Period), [this] { emit stepWanted(lab::StepKind::NextRequest); });
  m_stepChange = makeButton(QStringLiteral("stepChange"), tr("Step to the next change of state (,)"),
                            QKeySequence(Qt::Key_Comma), [this] { emit stepWanted(lab::StepKind::NextChange); });
  m_copy = makeButton(QStringLiteral("copy"), tr("Copy the bootstrap address (Ctrl+B)"), QKeySequence(tr("Ctrl+B")),
                      [this] { copyBootstrap(); });
  m_motion = makeButton(QStringLiteral("motion"), tr("Motion on or off (Ctrl+M)"), QKeySequence(tr("Ctrl+M")),
                        [this] { emit motionToggled(); });
  m_theme = makeButton(QStringLiteral("theme"), tr("Dark or light (Ctrl+T)"), QKeySequence(tr("Ctrl+T")),
                       [this] { emit themeToggled(); });

  m_speed->setAccessibleName(tr("Speed"));
  m_speed->setRange(0, speedPlaces() - 1);
  m_speed->setPageStep(1);
  m_speed->setFocusPolicy(Qt::TabFocus);
  // A label's words are its accessible name; what they are about is its description.
  m_speedLabel->setObjectName(QStringLiteral("speedLabel"));
  m_speedLabel->setAccessibleDescription(tr("Virtual seconds for each second"));
  m_clock->setObjectName(QStringLiteral("clock"));
  m_clock->setAccessibleDescription(tr("Virtual clock"));
  m_state->setObjectName(QStringLiteral("transportState"));
  m_state->setAccessibleDescription(tr("Whether time runs"));
  m_lab->setObjectName(QStringLiteral("labName"));
  m_lab->setAccessibleDescription(tr("Lab"));
  m_lab->setTextFormat(Qt::PlainText);
  m_bootstrapCaption->setObjectName(QStringLiteral("bootstrapCaption"));
  m_bootstrapCaption->setAccessibleDescription(tr("Bootstrap servers for real clients"));
  m_bootstrap->setObjectName(QStringLiteral("bootstrap"));
  m_bootstrap->setAccessibleDescription(tr("Bootstrap servers"));
  m_bootstrap->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  connect(m_speed, &QSlider::valueChanged, this, [this](int place) { emit speedWanted(speedAt(place)); });

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 7, 12, 7);
  row->setSpacing(6);
  row->addWidget(m_play);
  row->addWidget(m_stepRequest);
  row->addWidget(m_stepChange);
  row->addSpacing(10);
  row->addWidget(m_speed);
  row->addWidget(m_speedLabel);
  row->addSpacing(10);
  row->addWidget(m_clock);
  row->addWidget(m_state, 0, Qt::AlignVCenter);
  row->addSpacing(8);
  row->addWidget(m_lab);
  row->addStretch(1);
  row->addWidget(m_bootstrapCaption);
  row->addWidget(m_bootstrap);
  row->addWidget(m_copy);
  row->addStretch(1);
  row->addWidget(m_motion);
  row->addWidget(m_theme);
  setTransport(true, 1);
  setAppearance(appearance);
}

IconButton* TransportBar::makeButton(const QString& name, const QString& text, const QKeySequence& shortcut,
                                     const std::function<void()>& act) {
  auto* button = new IconButton(this);
  button->setObjectName(QStringLiteral("transport"));
  button->setProperty("role", name);
  button->setAccessibleName(text);
  button->setToolTip(text);
  button->setFocusPolicy(Qt::TabFocus);
  connect(button, &IconButton::clicked, this, act);
  // Not the button's own shortcut: that one acts a tenth of a second late, for the sake of an animation.
  if (!shortcut.isEmpty()) connect(new QShortcut(shortcut, this), &QShortcut::activated, this, act);
  return button;
}

void TransportBar::setAppearance(const Appearance& appearance) {
  m_appearance = appearance;
  const Theme theme(appearance);
  const double s = theme.textScale();
  const int size = static_cast<int>(std::lround(17 * s));
  const auto dress = [&](IconButton* button, const QString& name, Role role = Role::Text) {
    button->setPicture(name, theme(role), size);
  };
  dress(m_play, m_isPlaying ? QStringLiteral("pause") : QStringLiteral("play"),
        m_isPlaying ? Role::Text : Role::Accent);
  dress(m_stepRequest, QStringLiteral("step-request"));
  dress(m_stepChange, QStringLiteral("step-change"));
  dress(m_copy, QStringLiteral("copy"));
  dress(m_theme, QStringLiteral("theme"));
  dress(m_motion, appearance.reducedMotion ? QStringLiteral("still") : QStringLiteral("motion"));
  m_speed->setFixedWidth(static_cast<int>(std::lround(110 * std::min(s, 1.3))));
  // Large text leaves no room for what is said elsewhere too.
  m_lab->setVisible(appearance.textScale < 1.5);
  m_bootstrapCaption->setVisible(appearance.textScale < 1.5);
  m_servers.clear();
  m_speedLabel->setFont(theme.font(FontRole::BodyBold));
  m_speedLabel->setFixedWidth(static_cast<int>(std::lround(42 * s)));
  m_clock->setFont(theme.font(FontRole::Clock));
  m_clock->setMinimumWidth(clockWidth(m_clock->text()));
  m_state->setFont(theme.font(FontRole::SmallBold));
  m_state->setFixedWidth(QFontMetrics(m_state->font()).horizontalAdvance(tr("paused")) +
                         static_cast<int>(std::lround(22 * s)));
  m_lab->setFont(theme.font(FontRole::Small));
  m_bootstrapCaption->setFont(theme.font(FontRole::Small));
  m_bootstrap->setFont(theme.font(FontRole::Mono));
  const QString muted = QStringLiteral("color: %1;").arg(theme(Role::TextMuted).name());
  m_lab->setStyleSheet(muted);
  m_bootstrapCaption->setStyleSheet(muted);
  setTransport(m_isPlaying, speedAt(m_speed->value()));
}

int TransportBar::clockWidth(const QString& text) const {
  return QFontMetrics(m_clock->font()).horizontalAdvance(text) + 4;
}

void TransportBar::setSnapshot(const lab::Snapshot& snapshot) {
  const QString clock = formatClock(snapshot.time);
  if (clock.size() != m_clock->text().size()) m_clock->setMinimumWidth(clockWidth(clock));
  m_clock->setText(clock);
  const QString name = QString::fromStdString(snapshot.labName);
  const QString lab =
      name.isEmpty() ? tr("seed %1").arg(snapshot.seed) : tr("%1, seed %2").arg(name).arg(snapshot.seed);
  if (lab != m_lab->text()) m_lab->setText(lab);
  const QString servers = QString::fromStdString(snapshot.bootstrapServers());
  if (servers == m_servers && !servers.isEmpty()) return;
  m_servers = servers;
  QStringList some = servers.split(QLatin1Char(','));
  const qsizetype most = m_appearance.textScale < 1.3 ? kServersShownMax : 1;
  if (some.size() > most) some = some.mid(0, most) << QStringLiteral("\u2026");
  m_bootstrap->setText(servers.isEmpty() ? tr("no listener") : some.join(QLatin1Char(',')));
  m_bootstrap->setToolTip(servers);
  m_copy->setEnabled(!servers.isEmpty());
}

void TransportBar::setTransport(bool isPlaying, double speed) {
  const bool turned = isPlaying != m_isPlaying;
  m_isPlaying = isPlaying;
  const QSignalBlocker blocker(m_speed);
  m_speed->setValue(placeOfSpeed(speed));
  m_speedLabel->setText(formatSpeed(speed));
  m_state->setText(isPlaying ? QString() : tr("paused"));
  const Theme theme(m_appearance);
  m_state->setStyleSheet(isPlaying
                             ? QString()
                             : QStringLiteral("color: %1; border: 1px solid %1; border-radius: 8px; padding: 1px 6px;")
                                   .arg(theme(Role::Warning).name()));
  m_play->setAccessibleName(isPlaying ? tr("Pause (Space)") : tr("Play (Space)"));
  if (turned)
    m_play->setPicture(isPlaying ? QStringLiteral("pause") : QStringLiteral("play"),
                       theme(isPlaying ? Role::Text : Role::Accent),
                       static_cast<int>(std::lround(17 * theme.textScale())));
}

void TransportBar::changeSpeed(int places) {
  m_speed->setValue(m_speed->value() + places);
}

void TransportBar::copyBootstrap() {
  QApplication::clipboard()->setText(m_servers);
  const Theme theme(m_appearance);
  m_copy->setPicture(QStringLiteral("check"), theme(Role::Ok), static_cast<int>(std::lround(17 * theme.textScale())));
  QTimer::singleShot(1200, this, [this] { setAppearance(m_appearance); });
}

void TransportBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme theme(m_appearance);
  painter.fillRect(rect(), theme(Role::Window));
  painter.fillRect(0, height() - 1, width(), 1, theme(Role::Border));
}

}  // namespace streamscope::ui
