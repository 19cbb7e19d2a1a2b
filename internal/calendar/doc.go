// Package calendar knows days, quarters and the working calendar of the People's Republic (CAL-1 to CAL-7).
//
// A Date is a day in China's time zone, kept as 'YYYY-MM-DD' in text, JSON and SQL; its zero value is
// "none". A Quarter is written 2026Q3. Neither knows of days off.
//
// A Calendar is made from Years, the yearly notices of days off and exchanged working days. Builtin holds
// those that were public when this version was made; an administrator loads the next one each November
// (ReadYear) and the platform keeps it in its database. The calendar answers which day a limit ends on:
//
//	due, provisional := cal.AddWorkingDays(received, 5) // limits in working days, CAL-4
//	due, provisional := cal.AddDays(received, 15)       // limits in days, ending on a working day, CAL-2 and CAL-3
//
// Whenever an answer rests on a year that is not loaded, it is provisional: it supposes plain weeks and
// must be worked out again when the year is there (CAL-6). No answer hides that.
//
// The package is pure: it has no clock and no state. Calendars are immutable and may be shared.
package calendar
