#pragma once

#include <QString>

namespace streamscope::app {

/// "streamscope 0.1.0 (behaves like Apache Kafka 4.3.1)".
QString versionText();

}  // namespace streamscope::app
