#pragma once

#include <QHash>
#include <QPixmap>

#include "shell/theme.h"
#include "stage/link_routes.h"

namespace streamscope::ui {

Role trafficRole(Traffic traffic);

/// What a travelling message looks like: the shape tells the kind of traffic (circle Produce, square replica Fetch,
/// diamond consumer Fetch, small circle for the rest), filled is a request, hollow a response, a cross a failure.
struct DotLook {
  Traffic traffic{};
  bool isResponse = false;
  bool failed = false;
  /// Carries no records and no news.
  bool isQuiet = false;
  /// 0: one message; grows with how many travel together.
  int weight = 0;
  bool operator==(const DotLook&) const = default;
};

/// Pictures of dots, painted once each.
class DotSprites {
 public:
  explicit DotSprites(const Theme& theme);
  const QPixmap& sprite(const DotLook& look, double scale, double ratio);

 private:
  Theme m_theme;
  QHash<quint64, QPixmap> m_sprites;
};

/// How many steps larger a dot of that many messages is.
int dotWeight(int32_t messages);

}  // namespace streamscope::ui
