#pragma once

#include <QJsonObject>
#include <QString>

#include "log/dump.h"

namespace streamscope::app {

// A dumped batch or record for people and as data. Keys and values are shown as text when they are UTF-8, else in
// hexadecimal; records of the metadata log are decoded.

QString textOf(const log::DumpedBatch& batch);
QJsonObject jsonOf(const log::DumpedBatch& batch);
QString textOf(const log::DumpedRecord& record, bool isControl, bool isMetadataLog);
QJsonObject jsonOf(const log::DumpedRecord& record, bool isControl, bool isMetadataLog);

}  // namespace streamscope::app
