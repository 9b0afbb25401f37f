#pragma once

#include <QJsonObject>
#include <QStringList>
#include <string>
#include <vector>

#include "lab/snapshot.h"

namespace streamscope::app {

/// What there was at the end of a run, for people: a line for each partition and client.
QStringList summaryOf(const lab::Snapshot& end);

/// The same as data, with the promises that were broken.
QJsonObject reportOf(const lab::Snapshot& end, const std::string& traceHash,
                     const std::vector<std::string>& violations);

}  // namespace streamscope::app
