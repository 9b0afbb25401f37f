#include "version.h"

#include "protocol/api_versions.h"

namespace streamscope::app {

QString versionText() {
  const QString kafka = QString::fromUtf8(protocol::kKafkaVersion.data(), protocol::kKafkaVersion.size());
  return "streamscope " STREAMSCOPE_VERSION " (behaves like Apache Kafka " + kafka + ")";
}

}  // namespace streamscope::app
