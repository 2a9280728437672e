// On every page: tell the server the reader's time zone, so that it writes local times.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const secure = location.protocol === "https:" ? "; Secure" : "";
if (zone) {
  // biome-ignore lint/suspicious/noDocumentCookie: the CookieStore API is not in every browser
  document.cookie = `time_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
