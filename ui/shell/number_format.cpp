#include "shell/number_format.h"

#include <QCoreApplication>
#include <array>
#include <cmath>

namespace streamscope::ui {
namespace {

constexpr QChar kThinSpace(0x202F);

QString translated(const char* text) {
  return QCoreApplication::translate("NumberFormat", text);
}

}  // namespace

QString formatCount(int64_t value) {
  QString digits = QString::number(value);
  const qsizetype first = value < 0 ? 1 : 0;
  for (qsizetype i = digits.size() - 3; i > first; i -= 3) digits.insert(i, kThinSpace);
  return digits;
}

QString formatBytes(uint64_t bytes) {
  if (bytes < 1024) return translated("%1 B").arg(bytes);
  static constexpr std::array<const char*, 4> kUnits{
      QT_TRANSLATE_NOOP("NumberFormat", "%1 KiB"), QT_TRANSLATE_NOOP("NumberFormat", "%1 MiB"),
      QT_TRANSLATE_NOOP("NumberFormat", "%1 GiB"), QT_TRANSLATE_NOOP("NumberFormat", "%1 TiB")};
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return translated(kUnits[unit]).arg(value, 0, 'f', value < 10 ? 1 : 0);
}

QString formatRate(double perSecond) {
  if (perSecond > 0 && perSecond * 3600 < 59.5) return translated("%1/h").arg(perSecond * 3600, 0, 'g', 2);
  if (perSecond > 0 && perSecond * 60 < 5.95) return translated("%1/min").arg(perSecond * 60, 0, 'g', 2);
  if (perSecond < 9.95 && std::abs(perSecond - std::round(perSecond)) > 0.05)
    return translated("%1/s").arg(perSecond, 0, 'f', 1);
  return translated("%1/s").arg(formatCount(std::llround(perSecond)));
}

QString formatDuration(base::Duration duration) {
  const double seconds = static_cast<double>(duration.count()) / 1e6;
  if (seconds < 1) return translated("%1 ms").arg(std::llround(seconds * 1000));
  if (seconds < 60) return translated("%1 s").arg(seconds, 0, 'f', 1);
  const auto whole = static_cast<int64_t>(seconds);
  return translated("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString formatClock(base::VirtualTime time) {
  return QString::fromStdString(base::formatVirtualTime(time));
}

QString formatSpeed(double factor) {
  if (std::isinf(factor)) return translated("max");
  return QString::number(factor, 'g', 3) + QChar(0x00D7);
}

QString segmentFileName(int64_t baseOffset) {
  return QStringLiteral("%1.log").arg(baseOffset, 20, 10, QLatin1Char('0'));
}

}  // namespace streamscope::ui
