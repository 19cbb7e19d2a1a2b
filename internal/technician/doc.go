// Package technician keeps who is sent to residents — tradespeople, carers, volunteers — and what they do there: community service 110 (SRV-3).
//
// A Technician belongs to an organisation (a unit, a community, a sub-district), may have an account, and has skills (classes or items of the hotline's
// catalogue), an area (communities, or a sub-district for all of its own), certificates with a last day, and shifts: a rule for the week and dated exceptions.
// How much they have to do is computed from their jobs, never kept.
//
// A Job is one case given to one technician:
//
//	offered   asked by an operator; several may be asked, the first to take it has it
//	taken     on the way; the case is in progress, with the technician as who handles it
//	arrived   at the door
//	finished  with the result, the minutes and what was charged; the resident's code signs it off
//	declined  the technician said no, with the reason
//	returned  they gave back what they had taken; it waits for somebody again
//	withdrawn the operator took it back, or the case went another way
//	gone      somebody else took it
//
// What waits is no table: a case of a kind that is done by technicians, open, without a job that is taken. Each step goes through the case (Cases), so that clocks,
// limits, result, rating and follow-up work as for any other case.
//
// The price is the catalogue's when the job was taken. What is charged are entries (Charge) in fen, of which the sums on receipts are made; a wrong one is
// taken back by an entry that counters it, with a reason: by the technician until the resident has confirmed, afterwards by an operator alone.
//
// The words of an entry name materials or the reason of a correction, nothing of the resident, so they stay when the words of the case go.
//
// A resident confirms by the code on their page, which the technician types in, at most MaxTries wrong ones; where no code can be had, the follow-up call or the
// resident's own rating of the case confirms, and is counted apart. Technicians are not ranked: figures are of classes of service. Where they are is not known.
//
// A technician with a mobile number is told by SMS of a job that they are asked for (package notice).
//
// Permissions: PermSee (technicians of organisations in scope), PermKeep (enter and change them), PermDispatch (the board of cases in scope: offer, take back,
// correct charges), PermServe (the technician's own page; it reaches the jobs of the technician whose account it is).
//
// Tables: technician, technician_skill, technician_area, technician_certificate, technician_shift, technician_day, technician_job, technician_charge. It reads
// service_case (never its sealed columns), case_kind, catalogue_item, catalogue_class, names and paths of organisations, accounts and what they are granted, buildings, and the files of cases.
package technician
