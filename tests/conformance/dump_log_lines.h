#pragma once

#include <QJsonObject>
#include <QMap>
#include <QStringList>

namespace streamscope::conformance {

/// What one file holds, in the lines kafka-dump-log prints for it; JSON in them in one form (members sorted).
using LinesOfFile = QMap<QString, QStringList>;

/// From dump-log's output; the paths below `directory`. `hasDecoder`: records were decoded to JSON.
LinesOfFile linesOfDumpLog(const QByteArray& output, const QString& directory, bool hasDecoder);

/// The lines dump-log would print, from a FILE of `inspect --json` (app/inspect/README.md).
QStringList linesOfInspect(const QJsonObject& file);

}  // namespace streamscope::conformance
