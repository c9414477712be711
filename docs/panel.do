* From the panel to a regression with two-way fixed effects. Stata 14 or newer; nothing of other authors is needed.
* gongkai panel out --to panel.dta, then: do panel.do
version 14
use panel.dta, clear
label language en

* One line a body and year; body_no is the number of a body within this file.
isid body_id year
xtset body_no year

* Why values are missing: .a not in the form, .b no box, .c unread, .g no table, .h denominator 0, .i a part is missing ...
notes
tab d_grant_rate if missing(d_grant_rate), missing
count if rq_granted_total == .c

* Lines whose sums hold, and those whose choice among several reports nobody has decided.
tab sums
list body_id year choice_rule if choice_open == 1, noobs

* Does a body that receives more requests grant a larger share?
xtreg d_grant_rate s_new i.year, fe vce(cluster body_no)
display "b[s_new] = " %12.9f _b[s_new] "  N = " e(N)

* The same without lines whose sums fail, and without small denominators.
xtreg d_grant_rate s_new i.year if sums != 3 & s_outcomes >= 10, fe vce(cluster body_no)

* By form: the step of a year in which the form changed is taken by the year effects, of a body's own by form_break.
tabstat d_grant_rate d_deny_rate d_carry_rate, by(form_rq) statistics(n mean sd p50)
