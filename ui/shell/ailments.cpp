#include "shell/ailments.h"

#include <QCoreApplication>
#include <cmath>

#include "shell/number_format.h"

namespace streamscope::ui {
namespace {

/// Below that a latency says nothing beside what else is wrong.
constexpr base::Duration kLatencyTold = std::chrono::milliseconds(5);

QString translated(const char* text) {
  return QCoreApplication::translate("Ailments", text);
}

QString perMille(int32_t count) {
  return QStringLiteral("%1 %").arg(count / 10.0, 0, 'g', 3);
}

/// "+1 h", "\u2212250 ms": one unit, as a badge has no room for more.
QString shortOffset(base::Duration duration) {
  const bool isBehind = duration < base::Duration::zero();
  const double seconds = std::abs(static_cast<double>(duration.count()) / 1e6);
  QString text;
  if (seconds >= 3600)
    text = translated("%1 h").arg(seconds / 3600, 0, 'g', 3);
  else if (seconds >= 60)
    text = translated("%1 min").arg(seconds / 60, 0, 'g', 3);
  else if (seconds >= 1)
    text = translated("%1 s").arg(seconds, 0, 'g', 3);
  else
    text = translated("%1 ms").arg(std::llround(seconds * 1000));
  return (isBehind ? QChar(0x2212) : QLatin1Char('+')) + text;
}

}  // namespace

QStringList ailmentsOf(const lab::DiskState& disk, const lab::ClockState& clock) {
  QStringList ailments;
  if (disk.isFailing) ailments << translated("failing disk");
  if (disk.isFull) ailments << translated("full disk");
  if (disk.losesSyncs) ailments << translated("lost syncs");
  if (disk.operationLatency.count() > 0) ailments << translated("slow disk");
  if (clock.offset.count() != 0 || clock.driftPpm != 0)
    ailments << translated("clock %1").arg(shortOffset(clock.offset));
  return ailments;
}

QString conditionsText(const world::LinkConditions& conditions) {
  QStringList parts;
  if (conditions.lossPerMille > 0) parts << translated("%1 lost").arg(perMille(conditions.lossPerMille));
  if (conditions.duplicatePerMille > 0) parts << translated("%1 doubled").arg(perMille(conditions.duplicatePerMille));
  if (conditions.bytesPerSecond > 0)
    parts << translated("%1/s").arg(formatBytes(static_cast<uint64_t>(conditions.bytesPerSecond)));
  if (parts.isEmpty() || conditions.latency >= kLatencyTold) parts.prepend(formatDuration(conditions.latency));
  return parts.join(QStringLiteral(", "));
}

}  // namespace streamscope::ui
